// Connection: how a command reaches rows. It speaks HTTP requests in three ways: to a server
// elsewhere, to the server that holds a data directory (through the socket in it), or to an
// Instance in this process when no server holds the directory. A command cannot tell them apart.
//
// One thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "cli/instance.h"
#include "cli/settings.h"
#include "http/client.h"
#include "http/message.h"

namespace daybook::cli {

// The socket of the server that holds a directory.
std::string socket_path(const std::string& directory);

class Connection {
 public:
  // --server wins over --data. kNotFound when there is nothing at the directory yet.
  static Result<Connection> open(const Settings& settings);
  // For those who have one: the connection borrows it.
  static Connection to(Instance& instance);
  // kUnavailable when nobody listens there.
  static Result<Connection> to_server(const std::string& url, const std::string& key);

  // The answer, whatever its status; kUnavailable when there is none.
  Result<http::Response> send(http::Method method, std::string_view target, http::Headers headers,
                              std::string_view body);
  // The body of a good answer; a problem comes back as the Error that it tells.
  Result<std::string> get(std::string_view target);

  // Whose rows these are: "http://127.0.0.1:8000", "the server on /data", "/data".
  const std::string& place() const { return place_; }

 private:
  // The instance in this process, or null.
  Instance* instance() const;

  using Way = std::variant<http::Client, std::unique_ptr<Instance>, Instance*>;
  Connection(std::string place, std::string key, Way way)
      : place_(std::move(place)), key_(std::move(key)), way_(std::move(way)) {}

  std::string place_;
  std::string key_;
  Way way_;
};

}  // namespace daybook::cli
