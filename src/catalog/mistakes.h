// What is wrong with the declarations, collected while they are read, so that one run tells all.
// Private to this folder.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/expression.h"

namespace daybook {

class Mistakes {
 public:
  // `what` follows the place: "'of' is empty; expected a list of choices".
  void add(const Origin& origin, const std::string& what);
  bool empty() const { return found_.empty(); }

  // kInvalid with a problem for each, ordered by file as in `files`, then by line. Only when not
  // empty.
  Error error(const std::vector<std::string>& files) &&;

 private:
  struct Mistake {
    Origin origin;
    std::string what;
  };
  std::vector<Mistake> found_;
};

}  // namespace daybook
