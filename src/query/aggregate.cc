#include "query/aggregate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/bug.h"
#include "query/distinct_counter.h"
#include "query/percentiles.h"

namespace daybook {
namespace {

constexpr std::array<std::pair<std::string_view, Aggregate>, 13> kNames = {
    {{"count", Aggregate::kCount},
     {"sum", Aggregate::kSum},
     {"avg", Aggregate::kAvg},
     {"min", Aggregate::kMin},
     {"max", Aggregate::kMax},
     {"p50", Aggregate::kP50},
     {"p90", Aggregate::kP90},
     {"p95", Aggregate::kP95},
     {"p99", Aggregate::kP99},
     {"distinct", Aggregate::kDistinct},
     {"rate", Aggregate::kRate},
     {"first", Aggregate::kFirst},
     {"last", Aggregate::kLast}}};

double share_of(Aggregate aggregate) {
  if (aggregate == Aggregate::kP50) return 0.50;
  if (aggregate == Aggregate::kP90) return 0.90;
  return aggregate == Aggregate::kP95 ? 0.95 : 0.99;
}

std::size_t text_bytes(const Value& value) {
  const auto* text = value.get_if<std::string>();
  return text == nullptr ? 0 : text->capacity();
}

// The value of the row that is first or last so far.
struct Placed {
  bool is_set = false;
  Instant time;
  std::string id;
  Value value;
};

}  // namespace

std::string_view aggregate_name(Aggregate aggregate) {
  return kNames[static_cast<std::size_t>(aggregate)].first;
}

std::optional<Aggregate> find_aggregate(std::string_view name) {
  for (const auto& [text, aggregate] : kNames) {
    if (text == name) return aggregate;
  }
  return std::nullopt;
}

struct Accumulator::Heap {
  Percentiles percentiles{kExactQuantiles};
  DistinctCounter distinct{kExactDistinct};
  Placed placed;
};

Aggregate Accumulator::state_of(Aggregate aggregate) {
  switch (aggregate) {
    case Aggregate::kSum:
    case Aggregate::kAvg:
      return Aggregate::kSum;
    case Aggregate::kP50:
    case Aggregate::kP90:
    case Aggregate::kP95:
    case Aggregate::kP99:
      return Aggregate::kP50;
    case Aggregate::kCount:
    case Aggregate::kMin:
    case Aggregate::kMax:
    case Aggregate::kDistinct:
    case Aggregate::kRate:
    case Aggregate::kFirst:
    case Aggregate::kLast:
      return aggregate;
  }
  bug("an aggregate of no kind");
}

Accumulator::Accumulator(Aggregate aggregate) : aggregate_(aggregate) {
  const Aggregate state = state_of(aggregate);
  if (state == Aggregate::kP50 || state == Aggregate::kDistinct || state == Aggregate::kFirst ||
      state == Aggregate::kLast) {
    heap_ = std::make_unique<Heap>();
  }
}

Accumulator::Accumulator(const Accumulator& other)
    : aggregate_(other.aggregate_),
      is_integer_(other.is_integer_),
      rows_(other.rows_),
      holding_(other.holding_),
      integer_sum_(other.integer_sum_),
      sum_(other.sum_),
      compensation_(other.compensation_),
      extreme_(other.extreme_),
      heap_(other.heap_ == nullptr ? nullptr : std::make_unique<Heap>(*other.heap_)) {}

Accumulator& Accumulator::operator=(const Accumulator& other) {
  Accumulator copy(other);
  return *this = std::move(copy);
}

Accumulator::Accumulator(Accumulator&&) noexcept = default;
Accumulator& Accumulator::operator=(Accumulator&&) noexcept = default;
Accumulator::~Accumulator() = default;

void Accumulator::add(const Value& value, bool holds, Instant time, std::string_view id) {
  if (aggregate_ == Aggregate::kCount || aggregate_ == Aggregate::kRate) {
    return add_rows(1, holds ? 1 : 0);
  }
  if (holds && !value.is_null()) add_present(value, time, id);
}

void Accumulator::add_present(const Value& value, Instant time, std::string_view id) {
  if (aggregate_ == Aggregate::kFirst || aggregate_ == Aggregate::kLast) {
    return place(value, time, id);
  }
  if (const auto* whole = value.get_if<std::int64_t>()) return add_integer(*whole);
  if (const auto* number = value.get_if<double>()) return add_number(*number);
  if (aggregate_ == Aggregate::kDistinct) return heap_->distinct.add(distinct_hash(value));
  add_to_extreme(value);
}

void Accumulator::add_to_extreme(const Value& value) {
  if (aggregate_ != Aggregate::kMin && aggregate_ != Aggregate::kMax) return;
  const bool is_first = extreme_.is_null();
  const bool is_beyond =
      !is_first &&
      (aggregate_ == Aggregate::kMin ? compare(value, extreme_) < 0 : compare(value, extreme_) > 0);
  if (is_first || is_beyond) extreme_ = value;
}

// Neumaier's compensated sum: what rounding cuts off is kept beside.
void Accumulator::add_to_sum(double value) {
  const double next = sum_ + value;
  compensation_ +=
      std::abs(sum_) >= std::abs(value) ? (sum_ - next) + value : (value - next) + sum_;
  sum_ = next;
  is_integer_ = false;
}

void Accumulator::add_number(double value) {
  switch (state_of(aggregate_)) {
    case Aggregate::kSum:
      ++rows_;
      return add_to_sum(value);
    case Aggregate::kMin:
    case Aggregate::kMax:
      return add_to_extreme(Value(value));
    case Aggregate::kP50:
      return heap_->percentiles.add(value);
    case Aggregate::kDistinct:
      return heap_->distinct.add(distinct_hash(Value(value)));
    case Aggregate::kAvg:
    case Aggregate::kP90:
    case Aggregate::kP95:
    case Aggregate::kP99:
    case Aggregate::kCount:
    case Aggregate::kRate:
    case Aggregate::kFirst:
    case Aggregate::kLast:
      return;
  }
}

void Accumulator::add_integer(std::int64_t value) {
  const Aggregate state = state_of(aggregate_);
  if (state == Aggregate::kSum) {
    ++rows_;
    integer_sum_ += value;
    return;
  }
  if (state == Aggregate::kP50) return add_number(static_cast<double>(value));
  if (state == Aggregate::kDistinct) return heap_->distinct.add(distinct_hash(Value(value)));
  add_to_extreme(Value(value));
}

void Accumulator::add_values(std::span<const double> values) { heap_->percentiles.add(values); }

void Accumulator::add_rows(std::int64_t rows, std::int64_t holding) {
  rows_ += aggregate_ == Aggregate::kRate ? rows : holding;
  holding_ += holding;
}

void Accumulator::add_sum(std::int64_t values, IntegerSum sum) {
  rows_ += values;
  integer_sum_ += sum;
}

void Accumulator::add_sum(std::int64_t values, double sum, double compensation) {
  rows_ += values;
  add_to_sum(sum);
  compensation_ += compensation;
}

void Accumulator::add_slots(std::span<const Histogram::Slot> slots, double least, double most) {
  heap_->percentiles.merge(slots, least, most);
}

void Accumulator::add_distinct(const DistinctCounter& counter) { heap_->distinct.merge(counter); }

void Accumulator::place(const Value& value, Instant time, std::string_view id) {
  Placed& placed = heap_->placed;
  auto order = placed.time != time ? time <=> placed.time : id.compare(placed.id) <=> 0;
  // Rows of two tenants: any order will do that every store keeps.
  if (order == 0 && placed.is_set) order = compare(value, placed.value);
  if (placed.is_set && (aggregate_ == Aggregate::kFirst ? order >= 0 : order <= 0)) return;
  placed = {true, time, std::string(id), value};
}

void Accumulator::merge(const Accumulator& other) {
  rows_ += other.rows_;
  holding_ += other.holding_;
  integer_sum_ += other.integer_sum_;
  if (!other.is_integer_) {
    add_to_sum(other.sum_);
    compensation_ += other.compensation_;
  }
  if (!other.extreme_.is_null()) add_to_extreme(other.extreme_);
  if (heap_ == nullptr) return;
  heap_->percentiles.merge(other.heap_->percentiles);
  heap_->distinct.merge(other.heap_->distinct);
  const Placed& placed = other.heap_->placed;
  if (placed.is_set) place(placed.value, placed.time, placed.id);
}

double Accumulator::total() const {
  return static_cast<double>(integer_sum_) + (sum_ + compensation_);
}

Value Accumulator::sum() const {
  const auto narrow = static_cast<std::int64_t>(integer_sum_);
  if (is_integer_ && narrow == integer_sum_) return narrow;
  const double all = total();
  return std::isfinite(all) ? Value(all) : Value();
}

Value Accumulator::result(Aggregate aggregate) const {
  switch (aggregate) {
    case Aggregate::kCount:
      return rows_;
    case Aggregate::kSum:
      return sum();
    case Aggregate::kAvg: {
      const double mean = rows_ == 0 ? 0 : total() / static_cast<double>(rows_);
      return rows_ > 0 && std::isfinite(mean) ? Value(mean) : Value();
    }
    case Aggregate::kRate:
      return rows_ == 0 ? Value() : static_cast<double>(holding_) / static_cast<double>(rows_);
    case Aggregate::kMin:
    case Aggregate::kMax:
      return extreme_;
    case Aggregate::kP50:
    case Aggregate::kP90:
    case Aggregate::kP95:
    case Aggregate::kP99:
      return heap_->percentiles.at(share_of(aggregate));
    case Aggregate::kDistinct:
      return heap_->distinct.count();
    case Aggregate::kFirst:
    case Aggregate::kLast:
      return heap_->placed.value;
  }
  bug("an aggregate of no kind");
}

double Accumulator::error() const {
  if (aggregate_ == Aggregate::kDistinct) {
    return heap_->distinct.is_exact() ? 0 : DistinctCounter::kError;
  }
  if (state_of(aggregate_) == Aggregate::kP50) {
    return heap_->percentiles.is_exact() ? 0 : Histogram::kQuantileError;
  }
  return 0;
}

std::size_t Accumulator::bytes() const {
  std::size_t sum = sizeof(*this) + text_bytes(extreme_);
  if (heap_ == nullptr) return sum;
  sum += sizeof(Heap) + heap_->percentiles.bytes() + heap_->distinct.bytes();
  return sum + heap_->placed.id.capacity() + text_bytes(heap_->placed.value);
}

void Accumulator::settle() {
  if (state_of(aggregate_) == Aggregate::kP50) heap_->percentiles.settle();
}

void Accumulator::compact() {
  if (state_of(aggregate_) == Aggregate::kP50) heap_->percentiles.compact();
}

}  // namespace daybook
