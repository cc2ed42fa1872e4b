// Importer: sends rows to a collection in chunks. The rows have ids, so a chunk whose answer was
// lost is sent again, and the server knows the rows that it has. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cli/connection.h"

namespace daybook::cli {

// A line of the file that was not taken, and why.
struct BadLine {
  std::uint64_t line = 0;
  std::string reason;
};

struct Imported {
  std::uint64_t accepted = 0;
  std::uint64_t kept = 0;      // of the accepted, those that a device filter stored
  std::uint64_t refused = 0;   // by the server or by the reader of the file
  std::uint64_t repeated = 0;  // of the accepted, those that the server had already
  std::uint64_t position = 0;
  std::vector<BadLine> bad;  // the first kListed of them
};

class Importer {
 public:
  static constexpr std::size_t kListed = 100;

  Importer(Connection& connection, std::string path)
      : connection_(connection), path_(std::move(path)) {}

  // A row as JSON on one line, or not; the line it stood in.
  Result<void> add(std::uint64_t line, std::string_view json);
  void refuse(std::uint64_t line, std::string reason);
  // Sends what waits.
  Result<void> flush();

  const Imported& imported() const { return imported_; }

 private:
  Result<http::Response> send_patiently(const http::Headers& headers);
  Result<void> read_answer(const http::Response& response);

  Connection& connection_;
  const std::string path_;
  std::string body_;
  std::vector<std::uint64_t> lines_;  // of the rows in the body
  Imported imported_;
};

}  // namespace daybook::cli
