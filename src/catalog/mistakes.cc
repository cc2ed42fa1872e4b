#include "catalog/mistakes.h"

#include <algorithm>

namespace daybook {

void Mistakes::add(const Origin& origin, const std::string& what) {
  found_.push_back({origin, what});
}

Error Mistakes::error(const std::vector<std::string>& files) && {
  const auto rank = [&](const Mistake& mistake) {
    return std::find(files.begin(), files.end(), mistake.origin.file) - files.begin();
  };
  std::stable_sort(found_.begin(), found_.end(), [&](const Mistake& a, const Mistake& b) {
    return std::pair(rank(a), a.origin.line) < std::pair(rank(b), b.origin.line);
  });
  std::vector<Problem> problems;
  for (const Mistake& mistake : found_) {
    const std::string where = describe(mistake.origin);
    problems.push_back({std::nullopt, "", where + ": " + mistake.what, Code::kInvalid});
  }
  std::string message = "the catalog has " + std::to_string(problems.size()) +
                        (problems.size() == 1 ? " mistake: " : " mistakes; the first: ") +
                        problems.front().detail;
  return Error(Code::kInvalid, std::move(message)).with_problems(std::move(problems));
}

}  // namespace daybook
