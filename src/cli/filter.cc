// What a device filter would do to a recording, before it is declared.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "cli/command.h"
#include "cli/input.h"
#include "cli/load_catalog.h"
#include "cli/progress.h"
#include "cli/record.h"
#include "cli/rows_out.h"
#include "query/device_filter.h"

namespace daybook::cli {

namespace {

constexpr std::array<std::string_view, 3> kTimeNames = {"timestamp", "time", "at"};

struct Words {
  std::string verb, file;
  std::optional<std::string> of, time, by, band, heartbeat, every;
  std::vector<std::string> limits;
  bool per_metric = false;
  FormatWords format;
};

struct Sample {
  std::string device;
  Instant at;
  Map metrics;  // of floats
};

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

// The parts of a JSON record that a sample may be made of; an object inside is a map of metrics.
void add_parts(const json::Value& object, std::vector<Record::Part>& parts) {
  auto members = object.members();
  while (const auto member = members.next()) {
    const json::Value& value = member->second;
    if (value.kind() == json::Kind::kObject) {
      add_parts(value, parts);
    } else {
      parts.emplace_back(member->first, cell_text(value));
    }
  }
}

// Makes the records of a file into samples.
class SampleReader {
 public:
  SampleReader(Input& input, FileFormat format, const Words& words)
      : records_(make_reader(format, input)), words_(words) {}

  // Empty at the end.
  Result<std::optional<Sample>> next() {
    Record record;
    DAYBOOK_ASSIGN(const bool is_there, records_->next(record));
    if (!is_there) return std::optional<Sample>();
    const auto bad = [&](const std::string& why) {
      return Error(Code::kInvalid, "line " + std::to_string(record.line) + ": " + why);
    };
    if (!record.problem.empty()) return bad(record.problem);
    if (!record.json.empty()) {
      DAYBOOK_ASSIGN(const json::Value value, parser_.parse(record.json));
      if (value.kind() != json::Kind::kObject) return bad("must be an object");
      add_parts(value, record.parts);
    }
    Sample sample;
    bool has_time = false;
    for (const auto& [name, text] : record.parts) {
      if (is_time(name)) {
        const auto at = parse_instant(text);
        if (!at.ok()) return bad(name + " " + at.error().message());
        sample.at = *at;
        has_time = true;
      } else if (words_.by == name) {
        sample.device = text;
      } else if (const auto number = number_in(text)) {
        sample.metrics.push_back({name, Value(*number)});
      }
    }
    if (!has_time) return bad("has no time; name its column with --time");
    std::ranges::sort(sample.metrics, {}, &MapEntry::key);
    return std::optional(std::move(sample));
  }

 private:
  bool is_time(const std::string& name) const {
    if (words_.time) return name == *words_.time;
    return std::ranges::find(kTimeNames, name) != kTimeNames.end();
  }

  std::unique_ptr<RecordReader> records_;
  const Words& words_;
  json::Parser parser_;
};

// What the filter did to one metric, and how well the kept values stand for all.
class Tally {
 public:
  Tally(const SampleFilter& filter, std::string_view metric) : filter_(filter), metric_(metric) {}

  void count(double value, bool is_kept, std::optional<double>& held) {
    ++samples_;
    sum_ += value;
    if (is_kept) {
      ++kept_;
      kept_sum_ += value;
      held = value;
    }
    if (!held) return;
    const double error = std::abs(value - *held);
    const double band = filter_.band_around(metric_, *held);
    error_ = std::max(error_, error);
    if (band > 0) of_band_ = std::max(of_band_, error / band);
  }

  void write(json::Writer& out) const {
    const auto share = [](double part, double whole) { return whole > 0 ? part / whole : 0; };
    const auto samples = static_cast<double>(samples_);
    out.key("metric").value(metric_);
    out.key("samples").value(static_cast<std::int64_t>(samples_));
    out.key("kept").value(static_cast<std::int64_t>(kept_));
    out.key("share").value(share(static_cast<double>(kept_), samples));
    out.key("largest_error").value(error_);
    out.key("of_band").value(of_band_);
    out.key("avg").value(share(sum_, samples));
    out.key("avg_of_kept").value(share(kept_sum_, static_cast<double>(kept_)));
  }

 private:
  const SampleFilter& filter_;
  std::string metric_;
  std::uint64_t samples_ = 0, kept_ = 0;
  double sum_ = 0, kept_sum_ = 0;
  double error_ = 0, of_band_ = 0;
};

// Samples through the filter, with what came of them.
class Simulation {
 public:
  explicit Simulation(const SampleFilter& filter) : filter_(filter) {}

  void take(const Sample& sample) {
    Device& device = devices_[sample.device];
    Map stored = sample.metrics;
    const bool is_late = device.state.last && sample.at < *device.state.last;
    const Kept kept = filter_.decide(device.state, sample.at, stored);
    ++reasons_[kept];
    late_ += is_late ? 1 : 0;
    for (const MapEntry& metric : sample.metrics) {
      auto tally = tallies_.try_emplace(metric.key, filter_, metric.key).first;
      const bool is_kept = kept != Kept::kNo && find_key(stored, metric.key) != nullptr;
      std::optional<double> apart;  // a late sample is compared with nothing
      tally->second.count(metric.value.get<double>(), is_kept,
                          is_late ? apart : device.held[metric.key]);
    }
  }

  void print(Terminal& terminal, RowForm form) const {
    std::string reasons;
    for (const auto& [kept, count] : reasons_) {
      if (kept == Kept::kNo) continue;
      reasons +=
          (reasons.empty() ? "" : ", ") + grouped(count) + " " + std::string(kept_word(kept));
    }
    terminal.say(counted(devices_.size(), "device") +
                 "; kept because: " + (reasons.empty() ? "nothing was" : reasons) +
                 (late_ > 0 ? "; " + grouped(late_) + " came late" : ""));
    RowsOut out(
        terminal, form,
        {"metric", "samples", "kept", "share", "largest_error", "of_band", "avg", "avg_of_kept"});
    json::Parser parser;
    for (const auto& [metric, tally] : tallies_) {
      std::string text;
      json::Writer row(text);
      row.begin_object();
      tally.write(row);
      row.end_object();
      if (const auto value = parser.parse(text); value.ok()) out.add(*value);
    }
    out.finish();
  }

 private:
  struct Device {
    DeviceState state;
    std::map<std::string, std::optional<double>> held;
  };

  const SampleFilter& filter_;
  std::map<std::string, Device> devices_;
  std::map<std::string, Tally> tallies_;
  std::map<Kept, std::uint64_t> reasons_;
  std::uint64_t late_ = 0;
};

// The samples of a device at even steps, on straight lines between those that were recorded.
class Interpolation {
 public:
  Interpolation(Duration step, Simulation& to) : step_(step), to_(to) {}

  void take(Sample sample) {
    const auto before = last_.find(sample.device);
    if (before == last_.end()) {
      to_.take(sample);
    } else {
      fill(before->second, sample);
    }
    last_[sample.device] = std::move(sample);
  }

 private:
  void fill(const Sample& from, const Sample& until) {
    const auto whole = static_cast<double>((until.at - from.at).count());
    for (Instant at = from.at + step_; at <= until.at; at += step_) {
      const double part = static_cast<double>((at - from.at).count()) / whole;
      Sample between{until.device, at, {}};
      for (const MapEntry& end : until.metrics) {
        const Value* begin = find_key(from.metrics, end.key);
        if (begin == nullptr) continue;
        const double value = end.value.get<double>();
        const double start = begin->get<double>();
        between.metrics.push_back({end.key, Value(start + part * (value - start))});
      }
      to_.take(between);
    }
  }

  const Duration step_;
  Simulation& to_;
  std::map<std::string, Sample> last_;
};

Result<Duration> duration_of(const std::string& flag, const std::string& text) {
  auto duration = parse_duration(text);
  if (!duration.ok()) return std::move(duration).error().with_context(flag);
  if (duration->count() <= 0) return Error(Code::kInvalid, flag + " must be more than 0");
  return *duration;
}

Result<std::pair<std::string, std::pair<double, double>>> limit_of(const std::string& word) {
  const auto sign = word.find('=');
  const auto comma = word.find(',', sign == std::string::npos ? 0 : sign);
  if (sign != std::string::npos && comma != std::string::npos) {
    const auto low = number_in(std::string_view(word).substr(sign + 1, comma - sign - 1));
    const auto high = number_in(std::string_view(word).substr(comma + 1));
    if (low && high && *low < *high) return std::pair(word.substr(0, sign), std::pair(*low, *high));
  }
  return Error(Code::kInvalid, "--limit is '" + word + "'; expected METRIC=LOW,HIGH");
}

Result<DeviceFilter> declared_filter(const Session& session, const Words& words) {
  if (!words.of) return DeviceFilter();
  DAYBOOK_ASSIGN(const Catalog catalog, load_catalog(session.settings));
  DAYBOOK_ASSIGN(const Collection* collection, catalog.collection(*words.of));
  if (collection->declared.filter) return *collection->declared.filter;
  return Error(Code::kInvalid, *words.of + " declares no [filter]");
}

Result<DeviceFilter> filter_of(const Session& session, const Words& words) {
  DAYBOOK_ASSIGN(DeviceFilter filter, declared_filter(session, words));
  if (words.band) {
    const auto band = parse_band(*words.band);
    if (!band || !(band->amount > 0)) {
      return Error(Code::kInvalid, "--band is '" + *words.band + "'; expected 5% or an amount");
    }
    filter.band = *band;
    filter.bands.clear();
  }
  if (words.heartbeat) {
    DAYBOOK_ASSIGN(filter.heartbeat, duration_of("--heartbeat", *words.heartbeat));
  }
  for (const std::string& word : words.limits) {
    DAYBOOK_ASSIGN(auto limit, limit_of(word));
    std::erase_if(filter.limits, [&](const auto& one) { return one.first == limit.first; });
    filter.limits.push_back(std::move(limit));
  }
  if (words.per_metric) filter.mode = DeviceFilter::Mode::kPerMetric;
  return filter;
}

Result<void> simulate(Session& session, const Words& words) {
  if (words.verb != "simulate") {
    return Error(Code::kInvalid, "'" + words.verb + "' is no word of filter; expected simulate");
  }
  DAYBOOK_ASSIGN(const RowForm form, format_of(words.format));
  DAYBOOK_ASSIGN(const DeviceFilter declared, filter_of(session, words));
  Duration step{};
  if (words.every) {
    DAYBOOK_ASSIGN(step, duration_of("--every", *words.every));
  }
  DAYBOOK_ASSIGN(Input input, Input::open(words.file));
  DAYBOOK_ASSIGN(const std::string first, input.first_line());
  DAYBOOK_ASSIGN(const FileFormat format, find_format("", words.file, first));

  const SampleFilter filter(declared);
  Simulation simulation(filter);
  Interpolation interpolation(step, simulation);
  SampleReader samples(input, format, words);
  while (true) {
    DAYBOOK_ASSIGN(auto sample, samples.next());
    if (!sample) break;
    if (words.every) {
      interpolation.take(*std::move(sample));
    } else {
      simulation.take(*sample);
    }
  }
  simulation.print(session.terminal, form);
  return {};
}

}  // namespace

Run declare_filter(Options& options) {
  auto words = std::make_shared<Words>();
  options.argument("WORD", words->verb, "simulate: say what a filter would keep of a recording");
  options.argument("FILE", words->file, "samples as CSV, NDJSON or JSON; - is stdin");
  options.option("--of", "APP/COLLECTION", words->of,
                 "begin with the filter that this collection declares");
  options.option("--band", "BAND", words->band,
                 "5% of the value stored last (as when nothing is said), or an amount");
  options.option("--heartbeat", "TIME", words->heartbeat, "a row at least this often (5m)");
  options.each("--limit", "METRIC=LOW,HIGH", words->limits,
               "a crossing is always kept; may be repeated");
  options.flag("--per-metric", words->per_metric, "keep metric by metric instead of whole rows");
  options.option("--every", "TIME", words->every,
                 "samples at even steps on straight lines between those of the file");
  options.option("--time", "NAME", words->time, "the column of the time (timestamp, time, at)");
  options.option("--by", "NAME", words->by, "the column that tells devices apart (one device)");
  declare_format(options, words->format);
  return [words](Session& session) { return simulate(session, *words); };
}

}  // namespace daybook::cli
