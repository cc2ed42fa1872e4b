#include "base/result.h"

namespace daybook {

Error Error::with_context(std::string_view context) && {
  message_ = std::string(context) + ": " + message_;
  return std::move(*this);
}

Error Error::with_cause(std::string cause) && {
  cause_ = std::move(cause);
  return std::move(*this);
}

Error Error::with_problems(std::vector<Problem> problems) && {
  problems_ = std::move(problems);
  return std::move(*this);
}

}  // namespace daybook
