#include <algorithm>

#include "catalog/check_expression.h"
#include "catalog/readers.h"

namespace daybook {

namespace {

// Every block carries the sums of all of them.
constexpr std::size_t kMostRollups = 64;

// What a rollup keeps sums in unless it says otherwise: coarser tiers answer longer questions.
const std::vector<Step>& usual_tiers() {
  static const std::vector<Step> kTiers = {
      {StepUnit::kMinute, 1}, {StepUnit::kMinute, 15}, {StepUnit::kHour, 1}, {StepUnit::kDay, 1}};
  return kTiers;
}

std::int64_t seconds(const Step& step) {
  switch (step.unit) {
    case StepUnit::kSecond:
      return step.count;
    case StepUnit::kMinute:
      return std::int64_t{60} * step.count;
    case StepUnit::kHour:
      return std::int64_t{3600} * step.count;
    case StepUnit::kDay:
      return std::int64_t{86400} * step.count;
    case StepUnit::kWeek:
    case StepUnit::kMonth:
      break;
  }
  return 0;
}

// Days, weeks and months of any zone are sums of these, so each must divide the next.
std::vector<Step> read_tiers(TableReader& table) {
  const auto said = table.texts("tiers");
  if (!said) return usual_tiers();
  std::vector<Step> tiers;
  for (const std::string& text : *said) {
    const Result<Step> step = parse_step(text);
    if (!step.ok()) {
      table.wrong("tiers", "is wrong: " + step.error().message());
      continue;
    }
    const std::int64_t before = tiers.empty() ? 0 : seconds(tiers.back());
    if (seconds(*step) == 0) {
      table.wrong("tiers", "has '" + text + "'; expected steps of at most 1d");
    } else if (before > 0 && (seconds(*step) <= before || seconds(*step) % before != 0)) {
      table.wrong("tiers", "has '" + text + "', which is no multiple of the tier before it");
    } else {
      tiers.push_back(*step);
    }
  }
  return tiers;
}

void check_by(TableReader& table, const Collection& collection, const Rollup& rollup) {
  for (const std::size_t by : rollup.by) {
    const Field& field = collection.fields[by];
    if (field.personal != Personal::kNone) {
      table.wrong("by", "names '" + field.name + "', which is personal: sums outlive an erasure");
    } else if (!field.is_facet) {
      table.wrong("by", "names '" + field.name + "', which is no facet; expected facet = true");
    }
  }
}

void check_measures(TableReader& table, const Collection& collection, const Rollup& rollup) {
  for (const std::size_t measure : rollup.measures) {
    const Field& field = collection.fields[measure];
    if (field.is_measure) continue;
    table.wrong("measures",
                "names '" + field.name + "', which is no measure; expected measure = true");
  }
  for (const std::size_t counted : rollup.distinct) {
    const Field& field = collection.fields[counted];
    if (field.type != Type::kJson && field.type != Type::kMap && field.type != Type::kSecret) {
      continue;
    }
    table.wrong("distinct", "names '" + field.name + "', a " + std::string(type_name(field.type)) +
                                "; expected plain values");
  }
}

std::string rollup_name(const Collection& collection, const Rollup& rollup) {
  std::string name = "by";
  for (const std::size_t field : rollup.by) name += "_" + collection.fields[field].name;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

Rollup read_rollup(TableReader& table, const Collection& collection) {
  Rollup rollup;
  rollup.origin = table.origin();
  if (!table.has("by")) table.missing("by", "a list of facets");
  rollup.by = read_field_names(collection, table, "by");
  rollup.measures = read_field_names(collection, table, "measures");
  rollup.distinct = read_field_names(collection, table, "distinct");
  rollup.rates = table.expressions("rates");
  rollup.tiers = read_tiers(table);
  rollup.keep = table.duration("keep");
  check_by(table, collection, rollup);
  check_measures(table, collection, rollup);
  for (const Expression& rate : rollup.rates) {
    for (const std::string& phrase : check_condition(rate, {&collection, nullptr, {}})) {
      table.wrong("rates", phrase);
    }
  }
  rollup.name = rollup_name(collection, rollup);
  table.refuse_the_rest();
  return rollup;
}

}  // namespace

void read_rollups(TableReader& file, Collection& collection) {
  for (TableReader& table : file.tables("rollups")) {
    Rollup rollup = read_rollup(table, collection);
    if (collection.rollups.size() == kMostRollups) {
      table.wrong("is one too many; " + std::to_string(kMostRollups) + " is the most");
      continue;
    }
    if (!collection.is_journal()) {
      table.wrong("belongs to a journal; a register's rows have no time to sum over");
    }
    const auto is_same = [&](const Rollup& other) { return other.name == rollup.name; };
    if (std::any_of(collection.rollups.begin(), collection.rollups.end(), is_same)) {
      table.wrong("by", "is declared by another rollup already");
      continue;
    }
    collection.rollups.push_back(std::move(rollup));
  }
}

}  // namespace daybook
