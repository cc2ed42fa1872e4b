#include "store/columns/grouping_keys.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include "base/bug.h"

namespace daybook::columns {

namespace {

constexpr std::uint32_t kNone = static_cast<std::uint32_t>(-1);
// A table may be so much larger than the number of rows.
constexpr std::size_t kSpare = 1024;
// A table of all combinations is no larger than this; beyond, those that occur are looked up.
constexpr std::uint64_t kLargestTable = 1u << 18;

GroupKey key_of_text(const Column& column, const Chosen& chosen) {
  GroupKey key;
  key.column = &column;
  key.numbers.resize(chosen.size());
  std::vector<std::uint32_t> buffer;
  std::uint32_t most = 0;
  chosen.for_each_slice([&](const Slice& slice) {
    const std::uint32_t* codes = Chosen::values_of(column.codes(), slice, buffer);
    std::uint32_t* out = key.numbers.data() + slice.first;
    for (std::size_t i = 0; i < slice.size; ++i) {
      out[i] = codes[i];
      most = std::max(most, codes[i]);
    }
  });
  key.count = most + 1;
  return key;
}

// Calls use(slice, numbers, marks).
template <typename Use>
void for_each_number(const Column& column, const Chosen& chosen, Use use) {
  std::vector<std::int64_t> numbers;
  std::vector<std::uint8_t> marks;
  chosen.for_each_slice([&](const Slice& slice) {
    use(slice, Chosen::values_of(column.numbers(), slice, numbers),
        Chosen::values_of(column.marks(), slice, marks));
  });
}

std::pair<std::int64_t, std::int64_t> range_of(const Column& column, const Chosen& chosen) {
  std::int64_t low = std::numeric_limits<std::int64_t>::max();
  std::int64_t high = std::numeric_limits<std::int64_t>::min();
  for_each_number(column, chosen, [&](const Slice& slice, const auto* numbers, const auto* marks) {
    for (std::size_t i = 0; i < slice.size; ++i) {
      if (marks[i] == Column::kAbsent) continue;
      low = std::min(low, numbers[i]);
      high = std::max(high, numbers[i]);
    }
  });
  return {low, high};
}

GroupKey key_of_listed(const Column& column, const Chosen& chosen) {
  GroupKey key;
  key.how = GroupKey::How::kListed;
  key.column = &column;
  key.numbers.resize(chosen.size());
  std::unordered_map<std::int64_t, std::uint32_t> known;
  for_each_number(column, chosen, [&](const Slice& slice, const auto* numbers, const auto* marks) {
    for (std::size_t i = 0; i < slice.size; ++i) {
      if (marks[i] == Column::kAbsent) continue;
      const auto next = static_cast<std::uint32_t>(key.listed.size() + 1);
      const auto [at, is_new] = known.try_emplace(numbers[i], next);
      if (is_new) key.listed.push_back(numbers[i]);
      key.numbers[slice.first + i] = at->second;
    }
  });
  key.count = static_cast<std::uint32_t>(key.listed.size() + 1);
  return key;
}

GroupKey key_of_number(const Column& column, const Chosen& chosen) {
  const auto [low, high] = range_of(column, chosen);
  const bool is_there = low <= high;
  const auto range = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  if (is_there && range >= chosen.size() + kSpare) return key_of_listed(column, chosen);
  GroupKey key;
  key.how = GroupKey::How::kOffsets;
  key.column = &column;
  key.low = low;
  key.count = is_there ? static_cast<std::uint32_t>(range) + 2 : 1;
  key.numbers.resize(chosen.size());
  for_each_number(column, chosen, [&](const Slice& slice, const auto* numbers, const auto* marks) {
    std::uint32_t* out = key.numbers.data() + slice.first;
    for (std::size_t i = 0; i < slice.size; ++i) {
      const auto offset =
          static_cast<std::uint64_t>(numbers[i]) - static_cast<std::uint64_t>(key.low);
      out[i] = marks[i] == Column::kAbsent ? 0 : static_cast<std::uint32_t>(offset) + 1;
    }
  });
  return key;
}

// Rows come roughly in order of time, so that the bucket of the row before is mostly the right one.
GroupKey key_of_bucket(const Summary& summary, const Column& times, const Chosen& chosen) {
  GroupKey key;
  key.how = GroupKey::How::kBuckets;
  key.numbers.resize(chosen.size());
  std::unordered_map<std::int64_t, std::uint32_t> known;
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::uint32_t number = 0;
  for_each_number(times, chosen, [&](const Slice& slice, const auto* numbers, const auto*) {
    for (std::size_t i = 0; i < slice.size; ++i) {
      if (numbers[i] < start || numbers[i] >= end) {
        const Instant time = from_micros(numbers[i]);
        start = micros(summary.zone.floor(time, *summary.every));
        end = micros(summary.zone.next(time, *summary.every));
        const auto next = static_cast<std::uint32_t>(key.listed.size());
        const auto [at, is_new] = known.try_emplace(start, next);
        if (is_new) key.listed.push_back(start);
        number = at->second;
      }
      key.numbers[slice.first + i] = number;
    }
  });
  key.count = static_cast<std::uint32_t>(key.listed.size());
  return key;
}

}  // namespace

Value GroupKey::value(std::uint32_t number) const {
  if (number == 0) return {};
  switch (how) {
    case How::kCodes:
      return column->entry(number);
    case How::kOffsets:
      return column->number_value(low + number - 1);
    case How::kListed:
      return column->number_value(listed[number - 1]);
    case How::kBuckets:
      break;
  }
  bug("a bucket is no value");
}

bool can_be_numbered(const Collection& collection, const FieldRef& ref) {
  if (ref.is_id() || !ref.key.empty()) return false;
  return shape_of(collection.fields[ref.field].type) != Shape::kUuid;
}

Result<BlockGroups> BlockGroups::make(const Summary& summary, BlockReader& block,
                                      const Chosen& chosen) {
  BlockGroups groups;
  if (summary.every) {
    DAYBOOK_ASSIGN(const Column* times, block.column(summary.collection->time_field));
    groups.keys_.push_back(key_of_bucket(summary, *times, chosen));
  }
  for (const FieldRef& ref : summary.by) {
    DAYBOOK_ASSIGN(const Column* column, block.column(ref.field));
    const bool is_text = column->shape() == Shape::kText;
    groups.keys_.push_back(is_text ? key_of_text(*column, chosen) : key_of_number(*column, chosen));
  }
  groups.combine(chosen.size());
  return groups;
}

// The first key's numbers are the groups, unless most of them have no rows; every further key
// splits the groups.
void BlockGroups::combine(std::size_t rows) {
  std::size_t k = 0;
  if (!keys_.empty() && keys_.front().count <= rows + kSpare) {
    numbers_ = std::move(keys_.front().numbers);
    count_ = keys_.front().count;
    first_split_ = k = 1;
  } else {
    numbers_.assign(rows, 0);
  }
  for (; k < keys_.size(); ++k) split_by(keys_[k]);
}

void BlockGroups::split_by(const GroupKey& key) {
  std::vector<Pair> pairs;
  const auto number_of = [&](std::uint64_t pair, std::uint32_t& number) {
    if (number == kNone) {
      number = static_cast<std::uint32_t>(pairs.size());
      pairs.push_back({static_cast<std::uint32_t>(pair / key.count),
                       static_cast<std::uint32_t>(pair % key.count)});
    }
    return number;
  };
  const auto renumber = [&](auto& known) {
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
      const std::uint64_t pair = std::uint64_t{numbers_[i]} * key.count + key.numbers[i];
      numbers_[i] = number_of(pair, known(pair));
    }
  };
  const std::uint64_t combinations = std::uint64_t{count_} * key.count;
  if (combinations <= kLargestTable) {
    Numbers table(combinations, kNone);
    auto known = [&](std::uint64_t pair) -> std::uint32_t& { return table[pair]; };
    renumber(known);
  } else {
    std::unordered_map<std::uint64_t, std::uint32_t> table;
    auto known = [&](std::uint64_t pair) -> std::uint32_t& {
      return table.try_emplace(pair, kNone).first->second;
    };
    renumber(known);
  }
  count_ = static_cast<std::uint32_t>(pairs.size());
  splits_.push_back(std::move(pairs));
}

void BlockGroups::describe(std::uint32_t group, GroupTable::Partial& partial) const {
  Numbers numbers(keys_.size());
  for (std::size_t k = keys_.size(); k-- > first_split_;) {
    const Pair& pair = splits_[k - first_split_][group];
    numbers[k] = pair.key;
    group = pair.before;
  }
  if (first_split_ == 1) numbers[0] = group;
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    if (keys_[k].how == GroupKey::How::kBuckets) {
      partial.bucket = from_micros(keys_[k].listed[numbers[k]]);
    } else {
      partial.key.push_back(keys_[k].value(numbers[k]));
    }
  }
}

}  // namespace daybook::columns
