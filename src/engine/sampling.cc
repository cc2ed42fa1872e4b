#include "engine/sampling.h"

#include <algorithm>
#include <iterator>

#include "query/filter.h"
#include "query/scan.h"

namespace daybook {

namespace {

// So many rows back, what was kept last of each metric is looked for.
constexpr std::size_t kRowsOfState = 32;

const DeviceFilter* filter_of(const Operation& operation) {
  if (operation.verb != Verb::kInsert || !operation.collection->declared.filter) return nullptr;
  return &*operation.collection->declared.filter;
}

// What tells a device from all others: with the tenant, where there is one.
std::vector<std::size_t> key_fields(const Collection& collection) {
  std::vector<std::size_t> fields = collection.declared.filter->by;
  const auto& tenant = collection.tenant_field;
  if (tenant && std::ranges::find(fields, *tenant) == fields.end()) fields.push_back(*tenant);
  return fields;
}

std::string device_name(const Collection& collection, const Row& row) {
  std::string name = collection.full_name();
  for (const std::size_t field : key_fields(collection)) {
    const std::string text = debug_text(row.values[field]);
    name += "\n" + std::to_string(text.size()) + ":" + text;
  }
  return name;
}

Filter of_device(const Collection& collection, const Row& row) {
  Filter filter;
  for (const std::size_t field : key_fields(collection)) {
    filter = both(std::move(filter), equals(FieldRef{field, ""}, row.values[field]));
  }
  return filter;
}

// A single float is the metric without a name.
Map metrics_of(const Value& value) {
  Map metrics;
  if (const auto* map = value.get_if<Map>()) {
    std::ranges::copy_if(*map, std::back_inserter(metrics),
                         [](const MapEntry& entry) { return !entry.value.is_null(); });
  } else if (!value.is_null()) {
    metrics.push_back({"", value});
  }
  return metrics;
}

void set_metrics(const Collection& collection, Map metrics, Row& row) {
  const std::size_t on = collection.declared.filter->on;
  if (collection.fields[on].type == Type::kMap) row.values[on] = Value(std::move(metrics));
}

void set_reason(const Collection& collection, Kept kept, Row& row) {
  for (std::size_t i = 0; i < collection.fields.size(); ++i) {
    if (collection.fields[i].derive != Derive::kFilter) continue;
    row.values[i] = kept == Kept::kNo ? Value() : Value(std::string(kept_word(kept)));
  }
}

// The newest rows first; those of a metric that is there already are older.
void add_row(const Collection& collection, const Row& row, DeviceState& state) {
  const Instant time = row_time(collection, row);
  if (!state.last) state.last = time;
  for (const MapEntry& entry : metrics_of(row.values[collection.declared.filter->on])) {
    state.add(entry.key, entry.value.get<double>(), time);
  }
}

// What the store has of a device of which nothing is remembered. The first sample that this process
// sees of it is kept whatever was before; all that matters is whether it comes too late.
Result<DeviceState> read_state(Engine& engine, const Operation& first, bool is_known, Instant now) {
  const Collection& collection = *first.collection;
  DeviceState state;
  Scan scan;
  scan.collection = &collection;
  scan.filter = of_device(collection, first.row);
  scan.order = default_order(collection);
  scan.limit = is_known ? kRowsOfState : 1;
  scan.now = now;
  if (!is_known) scan.window = Window{row_time(collection, first.row), max_instant(), Zone()};
  DAYBOOK_TRY(engine.store().scan(scan, [&](Row&& row) {
    add_row(collection, row, state);
    return true;
  }));
  if (!is_known) state.metrics.clear();
  return state;
}

// A clock that once went wrong would make every later sample of the device a late one.
bool is_ahead(const DeviceState& state, const DeviceFilter& filter, Instant now) {
  return state.last && *state.last > now + filter.heartbeat;
}

}  // namespace

Sampling::Sampling(Sampling&& other) noexcept
    : engine_(std::exchange(other.engine_, nullptr)),
      devices_(std::move(other.devices_)),
      counted_by_(std::move(other.counted_by_)) {}

Sampling::~Sampling() {
  if (engine_ == nullptr || devices_.empty()) return;
  DeviceStates::Names names;
  for (const auto& [name, device] : devices_) {
    names.insert(name);
    // The commit failed, or nobody knows what became of it.
    if (!device.kept.empty()) engine_->device_states().forget(name);
  }
  engine_->device_states().leave(names);
}

Result<Sampling> Sampling::begin(Engine& engine, std::vector<Operation>& operations, Instant now) {
  Sampling sampling(engine);
  DeviceStates::Names names;
  std::map<std::string, Device> devices;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (filter_of(operations[i]) == nullptr) continue;
    std::string name = device_name(*operations[i].collection, operations[i].row);
    devices[name].samples.push_back(i);
    names.insert(std::move(name));
  }
  if (devices.empty()) return sampling;
  engine.device_states().enter(names);
  sampling.devices_ = std::move(devices);
  DAYBOOK_TRY(sampling.decide(operations, now));
  return sampling;
}

Result<void> Sampling::decide(std::vector<Operation>& operations, Instant now) {
  DeviceStates& states = engine_->device_states();
  for (auto& [name, device] : devices_) {
    const auto time = [&](std::size_t i) {
      return row_time(*operations[i].collection, operations[i].row);
    };
    std::ranges::stable_sort(device.samples, {}, time);
    if (auto known = states.find(name)) {
      device.state = *std::move(known);
    } else {
      DAYBOOK_ASSIGN(device.state, read_state(*engine_, operations[device.samples.front()],
                                              states.is_known(name), now));
    }
    const Operation& first = operations[device.samples.front()];
    if (is_ahead(device.state, *filter_of(first), now)) device.state = DeviceState();
    for (const std::size_t index : device.samples) decide(device, index, operations);
  }
  return {};
}

void Sampling::decide(Device& device, std::size_t index, std::vector<Operation>& operations) {
  const Collection& collection = *operations[index].collection;
  const DeviceFilter& declared = *collection.declared.filter;
  Row& row = operations[index].row;
  Map metrics = metrics_of(row.values[declared.on]);
  const std::size_t all = metrics.size();
  const Kept kept = SampleFilter(declared).decide(device.state, row_time(collection, row), metrics);
  if (kept == Kept::kNo) {
    operations[index].presence = Presence::kCountedOnly;
    return;
  }
  device.kept.push_back(index);
  const bool is_part = metrics.size() < all;
  Operation whole = is_part ? operations[index] : Operation();
  set_reason(collection, kept, row);
  if (!is_part) return;
  set_metrics(collection, std::move(metrics), row);
  operations[index].presence = Presence::kSeenOnly;
  // What the client said of its metrics is compared where they are whole.
  if (!operations[index].sent.empty()) operations[index].sent[declared.on] = false;
  whole.presence = Presence::kCountedOnly;
  counted_by_[index] = operations.size();
  operations.push_back(std::move(whole));
}

std::optional<std::size_t> Sampling::counted_by(std::size_t operation) const {
  const auto found = counted_by_.find(operation);
  return found == counted_by_.end() ? std::nullopt : std::optional(found->second);
}

void Sampling::settle(const Committed& committed) {
  if (!committed.applied) return;
  for (auto& [name, device] : devices_) {
    const auto is_stored = [&](std::size_t index) {
      return committed.verdicts[index].kind == Verdict::Kind::kStored;
    };
    if (!std::ranges::all_of(device.kept, is_stored)) continue;
    DeviceStates& states = engine_->device_states();
    if (device.kept.empty() && !states.is_known(name)) continue;
    states.keep(name, std::move(device.state));
    device.kept.clear();
  }
}

}  // namespace daybook
