#include "store/batch.h"

#include "base/bug.h"
#include "catalog/row_key.h"

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

void mean(Operation& operation, const Row& row) {
  const Collection& collection = *operation.collection;
  operation.id = row.id;
  if (collection.is_journal()) operation.time = row_time(collection, row);
  if (key_tenant(collection)) operation.tenant = tenant_of(collection, row);
}

}  // namespace daybook
