#include "store/batch.h"

#include "base/bug.h"

namespace daybook {

std::string_view verb_name(Verb verb) {
  switch (verb) {
    case Verb::kInsert:
      return "insert";
    case Verb::kPut:
      return "put";
    case Verb::kUpdate:
      return "update";
    case Verb::kDelete:
      return "delete";
  }
  bug("unknown verb");
}

}  // namespace daybook
