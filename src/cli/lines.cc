#include "cli/lines.h"

#include <algorithm>

namespace daybook::cli {

Result<bool> Lines::next(std::string& line) {
  std::size_t searched = begin_;
  std::size_t end = buffer_.find('\n', searched);
  bool is_cut = false;
  while (end == std::string::npos && !at_end_) {
    if (buffer_.size() - begin_ > kMaxLineBytes) {
      // Keep the beginning, forget the rest until the line ends.
      buffer_.resize(begin_ + kMaxLineBytes);
      is_cut = true;
    }
    if (begin_ > 0) {
      buffer_.erase(0, begin_);
      begin_ = 0;
    }
    searched = buffer_.size();
    DAYBOOK_ASSIGN(const bool more, input_.read(buffer_));
    at_end_ = !more;
    end = buffer_.find('\n', searched);
  }
  if (end == std::string::npos) {
    if (begin_ == buffer_.size()) return false;
    end = buffer_.size();
  }
  const std::size_t length = is_cut ? std::min(end - begin_, kMaxLineBytes) : end - begin_;
  line.assign(buffer_, begin_, length);
  if (line.ends_with('\r')) line.pop_back();
  begin_ = std::min(end + 1, buffer_.size());
  if (number_++ == 0 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);  // byte order mark
  return true;
}

}  // namespace daybook::cli
