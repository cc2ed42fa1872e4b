// `holds`: which of Daybook's own rows a collection keeps, and the fields that it needs for them.
#include <algorithm>
#include <array>
#include <vector>

#include "base/bug.h"
#include "base/text.h"
#include "catalog/readers.h"
#include "catalog/type_words.h"

namespace daybook {

namespace {

struct Need {
  std::string_view name;
  Type type;
};

const std::vector<Need>& needs_of(Holds holds) {
  static const std::vector<Need> kKeys = {
      {"name", Type::kText},       {"application", Type::kText},  {"role", Type::kText},
      {"tenant", Type::kText},     {"subject", Type::kText},      {"collections", Type::kList},
      {"verbs", Type::kList},      {"origins", Type::kList},      {"publishable", Type::kBool},
      {"secret", Type::kSecret},   {"prefix", Type::kText},       {"created_by", Type::kText},
      {"expires_at", Type::kTime}, {"last_used_at", Type::kTime}, {"revoked_at", Type::kTime}};
  static const std::vector<Need> kSessions = {
      {"accounts", Type::kText},  {"user_id", Type::kText},    {"token", Type::kSecret},
      {"form", Type::kChoice},    {"expires_at", Type::kTime}, {"ip_address", Type::kText},
      {"user_agent", Type::kText}};
  static const std::vector<Need> kTenants = {{"application", Type::kText},
                                             {"tenant", Type::kText},
                                             {"keeps", Type::kMap},
                                             {"quotas", Type::kMap}};
  static const std::vector<Need> kCounters = {{"until", Type::kTime}, {"counts", Type::kMap}};
  static const std::vector<Need> kTrail = {
      {"application", Type::kText}, {"tenant", Type::kText},         {"user_id", Type::kText},
      {"event_type", Type::kText},  {"action", Type::kChoice},       {"resource_type", Type::kText},
      {"resource_id", Type::kText}, {"changes.before", Type::kJson}, {"changes.after", Type::kJson},
      {"details", Type::kJson},     {"ip_address", Type::kText},     {"user_agent", Type::kText}};
  static const std::vector<Need> kNothing;
  switch (holds) {
    case Holds::kKeys:
      return kKeys;
    case Holds::kSessions:
      return kSessions;
    case Holds::kCounters:
      return kCounters;
    case Holds::kTenants:
      return kTenants;
    case Holds::kTrail:
      return kTrail;
    case Holds::kNothing:
      return kNothing;
  }
  bug("a collection that holds what nobody knows");
}

// An empty text in such a field would bind a key or a tenancy to nothing, and so to everything.
bool binds(Holds holds, std::string_view name) {
  if (holds != Holds::kKeys && holds != Holds::kTenants) return false;
  return name == "application" || name == "tenant" || name == "subject";
}

}  // namespace

void read_holds(TableReader& file, Collection& collection) {
  collection.declared.holds = file.word("holds", kHoldsWords).value_or(Holds::kNothing);
  const Holds holds = collection.declared.holds;
  if (holds == Holds::kNothing) return;
  if (collection.is_journal() != (holds == Holds::kTrail)) {
    file.wrong("holds", "belongs to a register; a trail is a journal");
  }
  if (holds == Holds::kTrail && !collection.declared.audit) {
    file.wrong("holds", "is \"trail\", which needs audit = true");
  }
  for (const Need& need : needs_of(holds)) {
    const auto field = collection.find_field(need.name);
    const bool is_there = field && collection.fields[*field].type == need.type;
    if (!is_there) {
      file.wrong("holds", "needs the field '" + std::string(need.name) + "' of type " +
                              std::string(type_name(need.type)));
    } else if (binds(holds, need.name) && collection.fields[*field].min.value_or(0) < 1) {
      file.wrong("holds", "needs min = 1 of the field '" + std::string(need.name) + "'");
    }
  }
}

void check_holds(const std::map<std::string, Application, std::less<>>& applications,
                 Mistakes& mistakes) {
  std::map<Holds, const Collection*> found;
  for (const auto& [application_name, application] : applications) {
    for (const auto& [name, collection] : application.collections) {
      if (collection.declared.holds == Holds::kNothing) continue;
      const auto [first, is_new] = found.emplace(collection.declared.holds, &collection);
      if (is_new) continue;
      mistakes.add({collection.origin.file, collection.origin.line, ""},
                   "'holds' is what " + first->second->full_name() + " holds already");
    }
  }
}

}  // namespace daybook
