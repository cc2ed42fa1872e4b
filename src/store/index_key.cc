#include "store/index_key.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace daybook {

std::optional<std::string> unique_key(const Index& index, const Row& row) {
  if (index.sparse && row.values[index.on.front().field].is_null()) return std::nullopt;
  std::string key;
  for (const IndexKey& part : index.on) {
    append_canonical(row.values[part.field], key);
    key += '\0';
  }
  return key;
}

Verdict key_taken(const Collection& collection, const Index& index) {
  std::vector<std::string> names;
  std::vector<std::size_t> fields;
  for (const IndexKey& part : index.on) fields.push_back(part.field);
  // That it is unique within the tenant goes without saying.
  if (fields.size() > 1 && collection.tenant_field) std::erase(fields, *collection.tenant_field);
  for (const std::size_t field : fields) names.push_back("'" + collection.fields[field].name + "'");
  Verdict verdict;
  verdict.kind = Verdict::Kind::kConflict;
  verdict.detail = "another row has this " + join(names, " and ");
  if (fields.size() == 1) {
    verdict.pointer = "#/" + collection.fields[fields.front()].name;
    std::ranges::replace(verdict.pointer, '.', '/');
  }
  return verdict;
}

std::string describe_index(const Collection& collection, const Index& index) {
  std::vector<std::string> keys;
  for (const IndexKey& part : index.on) {
    keys.push_back(collection.fields[part.field].name + (part.descending ? " desc" : ""));
  }
  std::string text = join(keys, ", ");
  if (index.unique) text += index.sparse ? "; unique, sparse" : "; unique";
  if (index.sparse && !index.unique) text += "; sparse";
  return text;
}

}  // namespace daybook
