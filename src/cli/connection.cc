#include "cli/connection.h"

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "cli/answer.h"
#include "cli/open_store.h"

namespace daybook::cli {

namespace {

Result<std::string> key_of(const Settings& settings) {
  if (const std::string& key = settings.text(SettingId::kKey); !key.empty()) return key;
  const std::string& path = settings.text(SettingId::kKeyFile);
  if (path.empty()) return std::string();
  std::ifstream in(path);
  std::string line;
  if (!in || !std::getline(in, line)) {
    return Error(Code::kInvalid, settings.setting(SettingId::kKeyFile).source +
                                     ": cannot read an access key from " + path);
  }
  return std::string(trim(line));
}

// Sends the request through the same door as a socket would, and gathers a streamed answer.
http::Response handle_here(Instance& instance, http::Request& request) {
  http::Response response = instance.handle(request);
  if (!response.stream) return response;
  while (auto piece = response.stream()) response.body += *piece;
  response.stream = nullptr;
  return response;
}

Result<http::Request> request_of(http::Method method, std::string_view target,
                                 http::Headers headers, std::string_view body) {
  DAYBOOK_ASSIGN(auto parsed, http::parse_target(target));
  http::Request request;
  request.method = method;
  request.method_text = http::method_name(method);
  request.target_text = target;
  request.target = std::move(parsed);
  request.headers = std::move(headers);
  request.headers.set("Host", "localhost");
  request.body = http::body_of(std::string(body));
  request.transport = http::Transport::kInProcess;
  return request;
}

}  // namespace

std::string socket_path(const std::string& directory) { return directory + "/daybook.sock"; }

Result<Connection> Connection::to_server(const std::string& url, const std::string& key) {
  DAYBOOK_ASSIGN(auto client, http::Client::open(url));
  DAYBOOK_TRY(client.send(http::Method::kGet, "/livez", {}, ""));
  return Connection(url, key, std::move(client));
}

Connection Connection::to(Instance& instance) { return Connection("here", "", &instance); }

Result<Connection> Connection::open(const Settings& settings) {
  DAYBOOK_ASSIGN(const std::string key, key_of(settings));
  const std::string& url = settings.text(SettingId::kServer);
  if (!url.empty()) return to_server(url, key);
  const std::string& directory = settings.text(SettingId::kData);
  std::error_code ignored;
  if (std::filesystem::exists(socket_path(directory), ignored)) {
    // A socket without a server is what a killed one leaves: then the directory is free.
    if (auto served = to_server("unix:" + socket_path(directory), key)) {
      served->place_ = "the server on " + directory;
      return served;
    }
  }
  if (uses_directory(settings) && !has_begun(directory)) {
    return Error(Code::kNotFound, "there is no data in " + directory + "; `daybook init --data " +
                                      directory + "` makes it ready");
  }
  DAYBOOK_ASSIGN(auto instance,
                 Instance::open(settings, Narrowing::kRefuse, api_options(settings)));
  return Connection(directory, "", std::move(instance));
}

Instance* Connection::instance() const {
  if (const auto* own = std::get_if<std::unique_ptr<Instance>>(&way_)) return own->get();
  const auto* borrowed = std::get_if<Instance*>(&way_);
  return borrowed == nullptr ? nullptr : *borrowed;
}

Result<http::Response> Connection::send(http::Method method, std::string_view target,
                                        http::Headers headers, std::string_view body) {
  if (!key_.empty()) headers.set("Authorization", "Bearer " + key_);
  if (auto* client = std::get_if<http::Client>(&way_)) {
    return client->send(method, target, headers, body);
  }
  DAYBOOK_ASSIGN(auto request, request_of(method, target, std::move(headers), body));
  return handle_here(*instance(), request);
}

Result<std::string> Connection::get(std::string_view target) {
  DAYBOOK_ASSIGN(auto response, send(http::Method::kGet, target, {}, ""));
  if (response.status >= 400) return error_of(response);
  return std::move(response.body);
}

}  // namespace daybook::cli
