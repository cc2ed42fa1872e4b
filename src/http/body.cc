#include "http/message.h"

namespace daybook::http {
namespace {

class WholeBody final : public Body {
 public:
  explicit WholeBody(std::string bytes) : bytes_(std::move(bytes)) {}

  Result<bool> read(std::string& out) override {
    if (out.empty()) {
      out.swap(bytes_);
    } else {
      out.append(bytes_);
    }
    bytes_.clear();
    return false;
  }

 private:
  std::string bytes_;
};

}  // namespace

Error no_room_for_body() {
  return {Code::kUnavailable, "the bodies of other requests take all room; try again in a moment"};
}

Result<std::string> Body::read_all(std::size_t max_bytes) {
  std::string all;
  bool may_be_more = true;
  while (may_be_more) {
    DAYBOOK_ASSIGN(may_be_more, read(all));
    if (all.size() > max_bytes) {
      return Error(Code::kTooLarge,
                   "the body is larger than " + std::to_string(max_bytes) + " bytes");
    }
    if (!hold(all.size())) return no_room_for_body();
  }
  return all;
}

std::unique_ptr<Body> body_of(std::string bytes) {
  return std::make_unique<WholeBody>(std::move(bytes));
}

}  // namespace daybook::http
