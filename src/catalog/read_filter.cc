#include <algorithm>
#include <charconv>

#include "catalog/readers.h"
#include "catalog/type_words.h"

namespace daybook {

namespace {

constexpr std::string_view kBandShapes =
    "must be \"5%\", an amount such as 0.5, or { percent = 5, of = \"span\", min = 0, max = 100 }";

std::optional<Band> read_span(TableReader table) {
  Band band;
  band.of = Band::Of::kSpan;
  constexpr WordTable<bool, 1> kSpans = {{{"span", true}}};
  for (const std::string_view key : {"percent", "of", "min", "max"}) {
    if (!table.has(key)) table.missing(key, "{ percent = 5, of = \"span\", min = 0, max = 100 }");
  }
  table.word("of", kSpans);
  const auto percent = table.number("percent");
  const auto min = table.number("min");
  const auto max = table.number("max");
  table.refuse_the_rest();
  if (!percent || !min || !max) return std::nullopt;
  if (*min >= *max) table.wrong("min", "must be below 'max'");
  band.amount = *percent;
  band.min = *min;
  band.max = *max;
  return band;
}

std::optional<Band> read_band(TableReader& table, std::string_view key) {
  const Toml* value = table.find(key);
  std::optional<Band> band;
  if (value->kind == Toml::Kind::kTable) {
    band = read_span(*table.table(key));
    if (!band) return std::nullopt;
  } else if (value->kind == Toml::Kind::kText) {
    if (value->text.ends_with('%')) band = parse_band(value->text);
  } else if (value->kind == Toml::Kind::kInt || value->kind == Toml::Kind::kFloat) {
    band = Band{Band::Of::kAbsolute, value->number, 0, 0};
  }
  if (!band) {
    table.wrong(key, std::string(kBandShapes));
  } else if (!(band->amount > 0)) {
    table.wrong(key, "must be more than 0");
  }
  return band;
}

// Where the collection's map declares its keys, a band or limit of another is a slip.
void check_metric(TableReader& table, const std::string& metric, const Field& on) {
  if (on.type != Type::kMap) {
    table.wrong(metric, "is of one metric, but '" + on.name + "' is no map");
    return;
  }
  if (on.keys.empty() || on.is_open) return;
  if (std::find(on.keys.begin(), on.keys.end(), metric) == on.keys.end()) {
    table.wrong(metric, "is no key of '" + on.name + "'" + suggestion(metric, on.keys));
  }
}

void read_bands(TableReader& filter, const Field& on, DeviceFilter& out) {
  auto bands = filter.table("bands");
  if (!bands) return;
  for (const auto& [metric, value] : bands->toml().members) {
    check_metric(*bands, metric, on);
    if (const auto band = read_band(*bands, metric)) out.bands.emplace_back(metric, *band);
  }
}

void read_limits(TableReader& filter, const Field& on, DeviceFilter& out) {
  auto limits = filter.table("limits");
  if (!limits) return;
  for (const auto& [metric, value] : limits->toml().members) {
    check_metric(*limits, metric, on);
    const auto is_number = [](const Toml& e) {
      return e.kind == Toml::Kind::kInt || e.kind == Toml::Kind::kFloat;
    };
    const auto& ends = value.elements;
    if (value.kind != Toml::Kind::kList || ends.size() != 2 ||
        !std::all_of(ends.begin(), ends.end(), is_number) || ends[0].number >= ends[1].number) {
      limits->wrong(metric, "must be [low, high]");
      continue;
    }
    out.limits.emplace_back(metric, std::pair(ends[0].number, ends[1].number));
  }
}

// What is not kept counts in rollups alone.
void check_counted(const Collection& collection, const DeviceFilter& filter, TableReader& file) {
  const auto counts = [&](const Rollup& rollup) {
    return std::ranges::find(rollup.measures, filter.on) != rollup.measures.end();
  };
  if (std::ranges::any_of(collection.rollups, counts)) return;
  file.wrong("filter", "needs a [[rollups]] that measures '" + collection.fields[filter.on].name +
                           "': what is not kept counts there alone");
}

void check_reasons(const Collection& collection, TableReader& file) {
  for (const Field& field : collection.fields) {
    if (field.derive != Derive::kFilter) continue;
    for (const std::string_view reason : {"first", "heartbeat", "change", "limit"}) {
      if (field.is_open || std::ranges::find(field.choices, reason) != field.choices.end())
        continue;
      file.mistakes().add(field.origin, "'of' has no \"" + std::string(reason) +
                                            "\", which is why the filter keeps some rows");
    }
  }
}

bool is_measured(const Field& field) {
  return field.type == Type::kFloat ||
         (field.type == Type::kMap && field.element_field().type == Type::kFloat);
}

}  // namespace

std::optional<Band> parse_band(std::string_view text) {
  Band band;
  band.of = text.ends_with('%') ? Band::Of::kLast : Band::Of::kAbsolute;
  if (band.of == Band::Of::kLast) text.remove_suffix(1);
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), band.amount);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return band;
}

void read_filter(TableReader& file, Collection& collection) {
  auto table = file.table("filter", "[filter]");
  if (!table) return;
  if (!collection.is_journal()) return file.wrong("filter", "belongs to a journal");
  DeviceFilter filter;
  if (!table->has("by")) table->missing("by", "the fields that tell one device from another");
  if (!table->has("on")) table->missing("on", "a float, or a map of floats");
  filter.by = read_field_names(collection, *table, "by");
  const auto on = read_field_name(collection, *table, "on");
  filter.on = on.value_or(0);
  if (on && !is_measured(collection.fields[*on])) {
    table->wrong(
        "on", "names '" + collection.fields[*on].name + "'; expected a float, or a map of floats");
  }
  filter.heartbeat = table->duration("heartbeat").value_or(filter.heartbeat);
  if (table->has("band")) filter.band = read_band(*table, "band").value_or(Band());
  filter.mode = table->word("mode", kModeWords).value_or(DeviceFilter::Mode::kRow);
  if (on) {
    read_bands(*table, collection.fields[*on], filter);
    read_limits(*table, collection.fields[*on], filter);
    table->refuse_the_rest();
    if (is_measured(collection.fields[*on])) check_counted(collection, filter, file);
  }
  check_reasons(collection, file);
  collection.declared.filter = std::move(filter);
}

}  // namespace daybook
