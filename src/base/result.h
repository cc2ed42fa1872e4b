// Result<T> holds a T or an Error; every function that can fail returns one, and dropping it does
// not compile. No exceptions cross a function of ours.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace daybook {

// What kind of failure it is. api/respond.cc has the one table from codes to HTTP statuses and
// exit codes.
enum class Code {
  kMalformed,     // not JSON, not a header, not a cursor of this question
  kUnauthorized,  // no or bad key
  kForbidden,     // key without the right
  kNotFound,      // no such collection, row, route
  kConflict,      // same id, other content; expected version; state
  kPrecondition,  // If-Match failed
  kTooLarge,      // body, batch, window
  kMediaType,     // a type or encoding we do not read
  kInvalid,       // well-formed, but fields or parameters are wrong
  kBusy,          // quota or rate
  kUnsupported,   // this store cannot, as its traits say
  kUnavailable,   // store down, disk full, queue full; try again
  kTooSlow,       // the question's time limit
  kInternal,      // our fault; the cause is for the log only
};

// One thing that is wrong with one place of the input.
struct Problem {
  std::optional<std::uint64_t> item;  // index of the item (or line) in a request of several
  std::string pointer;                // JSON Pointer fragment such as "#/status", may be empty
  std::string detail;                 // a sentence a user can act on
  Code code = Code::kInvalid;

  bool operator==(const Problem&) const = default;
};

class [[nodiscard]] Error {
 public:
  Error(Code code, std::string message) : code_(code), message_(std::move(message)) {}

  Code code() const { return code_; }
  // What the user may see.
  const std::string& message() const { return message_; }
  // What only the log may see; may be empty.
  const std::string& cause() const { return cause_; }
  const std::vector<Problem>& problems() const { return problems_; }

  // "cannot open store: " + message, and so on going up.
  Error with_context(std::string_view context) &&;
  Error with_cause(std::string cause) &&;
  Error with_problems(std::vector<Problem> problems) &&;

  bool operator==(const Error&) const = default;

 private:
  Code code_;
  std::string message_;
  std::string cause_;
  std::vector<Problem> problems_;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Only when ok().
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // Only when not ok().
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const& { return *error_; }
  Error&& error() && { return *std::move(error_); }

 private:
  std::optional<Error> error_;
};

// DAYBOOK_TRY(expression) returns the error of a Result<void> (or drops an ok value).
// DAYBOOK_ASSIGN(auto x, expression) returns the error or binds the value.
#define DAYBOOK_CONCAT_(a, b) a##b
#define DAYBOOK_CONCAT(a, b) DAYBOOK_CONCAT_(a, b)
#define DAYBOOK_TRY(expression)                                       \
  do {                                                                \
    if (auto daybook_result_ = (expression); !daybook_result_.ok()) { \
      return std::move(daybook_result_).error();                      \
    }                                                                 \
  } while (false)
#define DAYBOOK_ASSIGN(target, expression) \
  DAYBOOK_ASSIGN_(DAYBOOK_CONCAT(daybook_result_, __LINE__), target, expression)
#define DAYBOOK_ASSIGN_(name, target, expression) \
  auto name = (expression);                       \
  if (!name.ok()) return std::move(name).error(); \
  target = std::move(name).value()

}  // namespace daybook
