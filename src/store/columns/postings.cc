// Posting lists in a part:
//   byte     b: there are 2^b buckets; a value's bucket is its hash's highest b bits
//   4 bytes  postings
//   integers (integers.cc) a bucket: where its postings end
//   bytes    a posting: the lowest byte of its value's hash
//   integers a posting: the position of its row, ascending within a bucket
#include "store/columns/postings.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "base/hash.h"
#include "store/columns/bytes.h"

namespace daybook::columns {

namespace {

constexpr unsigned kMaxBits = 20;
constexpr std::uint64_t kHead = 5;

Error broken(const std::string& what) { return {Code::kInternal, "postings: " + what}; }

template <typename T>
std::uint64_t hash_bytes(const T& v) {
  return hash64({reinterpret_cast<const char*>(&v), sizeof v});
}

// Integers and floats that are equal have one hash.
std::uint64_t hash_number(double v) { return hash_bytes(v == 0 ? 0.0 : v); }

std::uint64_t hash_number(Type type, std::int64_t number) {
  if (type == Type::kInt) return hash_number(static_cast<double>(number));
  if (type == Type::kFloat) return hash_number(std::bit_cast<double>(number));
  return hash_bytes(number);
}

std::uint64_t hash_text(Type type, std::string_view text) {
  if (type == Type::kUuid) {
    if (const auto uuid = parse_uuid(text)) return hash_bytes(*uuid);
  }
  return hash64(text);
}

std::uint8_t mark_of(std::uint64_t hash) { return static_cast<std::uint8_t>(hash); }

std::size_t bucket_of(std::uint64_t hash, unsigned bits) {
  return bits == 0 ? 0 : static_cast<std::size_t>(hash >> (64 - bits));
}

struct Posting {
  std::uint64_t hash;
  std::uint32_t row;
};

// Collects the hashes of a column's rows; of a text once per entry of the dictionary.
class Lister {
 public:
  explicit Lister(const Column& column) : column_(column), known_(column.dictionary().size()) {}

  std::vector<Posting> list(const Positions& positions) {
    postings_.reserve(positions.size());
    for (std::uint32_t row = 0; row < positions.size(); ++row) list_row(positions[row], row);
    return std::move(postings_);
  }
  // Roughly.
  std::size_t different() const { return different_; }

 private:
  void list_row(std::size_t position, std::uint32_t row) {
    if (column_.is_null(position)) return;
    if (column_.shape() == Shape::kText) return list_entry(column_.codes()[position], row);
    ++different_;
    if (column_.shape() == Shape::kNumber) {
      postings_.push_back({hash_number(column_.type(), column_.numbers()[position]), row});
    } else if (column_.marks()[position] == Column::kPacked) {
      postings_.push_back({hash_bytes(column_.uuids()[position]), row});
    } else {
      postings_.push_back({hash64(column_.text(position)), row});
    }
  }

  void list_entry(std::uint32_t code, std::uint32_t row) {
    Entry& entry = known_[code];
    if (!entry.is_hashed) hash_entry(code, entry);
    for (std::size_t i = entry.begin; i < entry.end; ++i) postings_.push_back({hashes_[i], row});
  }

  struct Entry {
    bool is_hashed = false;
    std::size_t begin = 0, end = 0;  // of hashes_
  };
  void hash_entry(std::uint32_t code, Entry& entry) {
    entry.is_hashed = true;
    entry.begin = hashes_.size();
    if (column_.type() == Type::kList || column_.type() == Type::kMap) {
      const Value value = column_.entry(code);
      if (const auto* list = value.get_if<List>()) {
        for (const Value& element : *list) add_hash(element);
      } else if (const auto* map = value.get_if<Map>()) {
        for (const MapEntry& part : *map) hashes_.push_back(hash64(part.key));
      }
    } else {
      hashes_.push_back(hash64(column_.dictionary()[code]));
    }
    entry.end = hashes_.size();
    different_ = hashes_.size();
  }
  void add_hash(const Value& element) {
    if (const auto hash = posted_hash(Type::kList, element)) hashes_.push_back(*hash);
  }

  const Column& column_;
  std::vector<Entry> known_;
  std::vector<std::uint64_t> hashes_;
  std::size_t different_ = 0;
  std::vector<Posting> postings_;
};

// One of the filter's conditions that a posting list can answer.
struct Question {
  std::shared_ptr<PartContent> content;
  Postings postings;
  std::vector<std::uint64_t> hashes;

  Result<std::size_t> count() const {
    std::size_t sum = 0;
    for (const std::uint64_t hash : hashes) {
      DAYBOOK_ASSIGN(const std::size_t n, postings.count(hash));
      sum += n;
    }
    return sum;
  }
};

std::optional<std::vector<std::uint64_t>> hashes_of(const Filter& leaf, Type type) {
  const bool has_elements = type == Type::kList || type == Type::kMap;
  const bool is_equality =
      leaf.kind == Filter::Kind::kIn ||
      (leaf.kind == Filter::Kind::kCompare && leaf.comparison == Comparison::kEqual);
  std::vector<std::uint64_t> hashes;
  // An entry of a map that equals something is there at all.
  if (is_equality && type == Type::kMap && !leaf.ref.key.empty()) {
    if (leaf.values.front().is_null()) return std::nullopt;
    return std::vector{hash64(leaf.ref.key)};
  }
  if (!leaf.ref.key.empty()) return std::nullopt;
  if (has_elements ? leaf.kind != Filter::Kind::kHas : !is_equality) return std::nullopt;
  for (const Value& value : leaf.values) {
    const auto hash = posted_hash(type, value);
    if (!hash) return std::nullopt;
    hashes.push_back(*hash);
  }
  return hashes;
}

Result<std::optional<Question>> question_of(const Filter& leaf, BlockReader& block) {
  const bool is_leaf = leaf.kind == Filter::Kind::kCompare || leaf.kind == Filter::Kind::kIn ||
                       leaf.kind == Filter::Kind::kHas;
  if (!is_leaf) return std::optional<Question>();
  const std::size_t column = leaf.ref.is_id() ? block.layout().id : leaf.ref.field;
  const Type type = leaf.ref.is_id() ? Type::kUuid : block.collection().fields[leaf.ref.field].type;
  auto hashes = hashes_of(leaf, type);
  if (!hashes) return std::optional<Question>();
  DAYBOOK_ASSIGN(auto content, block.part(PartKind::kPostings, column));
  if (!content) return std::optional<Question>();
  DAYBOOK_ASSIGN(Postings postings, Postings::open(*content, block.rows()));
  return std::optional(Question{std::move(content), postings, *std::move(hashes)});
}

}  // namespace

std::optional<std::uint64_t> posted_hash(Type type, const Value& value) {
  if (const auto* v = value.get_if<std::string>()) {
    if (type == Type::kJson || shape_of(type) == Shape::kNumber) return std::nullopt;
    return hash_text(type, *v);
  }
  if (value.is_number()) return hash_number(value.number());
  if (const auto* v = value.get_if<Instant>()) return hash_bytes(micros(*v));
  if (const auto* v = value.get_if<Date>()) {
    return hash_bytes(std::int64_t{v->time_since_epoch().count()});
  }
  if (const auto* v = value.get_if<bool>()) return hash_bytes(std::int64_t{*v ? 1 : 0});
  return std::nullopt;
}

std::string write_postings(const Column& column, const Positions& positions) {
  Lister lister(column);
  const std::vector<Posting> postings = lister.list(positions);
  const unsigned bits =
      std::min(static_cast<unsigned>(std::bit_width(lister.different())), kMaxBits);
  std::vector<std::int64_t> ends(std::size_t{1} << bits, 0);
  for (const Posting& posting : postings) ++ends[bucket_of(posting.hash, bits)];
  std::int64_t sum = 0;
  for (std::int64_t& end : ends) end = (sum += end);
  std::vector<std::int64_t> next(ends.size(), 0);
  for (std::size_t i = 1; i < ends.size(); ++i) next[i] = ends[i - 1];
  std::vector<std::int64_t> rows(postings.size());
  std::string marks(postings.size(), '\0');
  for (const Posting& posting : postings) {
    const auto at = static_cast<std::size_t>(next[bucket_of(posting.hash, bits)]++);
    rows[at] = posting.row;
    marks[at] = static_cast<char>(mark_of(posting.hash));
  }
  std::string out;
  put_byte(out, static_cast<std::uint8_t>(bits));
  put_fixed(out, static_cast<std::uint32_t>(postings.size()));
  put_integers(out, ends);
  out += marks;
  put_integers(out, rows);
  return pack_part(out, Reading::kPlaces);
}

Result<Postings> Postings::open(PartContent& content, std::size_t rows) {
  DAYBOOK_ASSIGN(const std::string_view head, content.read(0, kHead));
  const auto bits = static_cast<std::uint8_t>(head.front());
  std::uint32_t count = 0;
  std::memcpy(&count, head.data() + 1, sizeof count);
  if (bits > kMaxBits) return broken("more buckets than there can be");
  DAYBOOK_ASSIGN(Integers ends, Integers::open(content, kHead, std::size_t{1} << bits));
  DAYBOOK_ASSIGN(Integers positions, Integers::open(content, ends.end() + count, count));
  Postings postings(content, rows, bits, ends, positions);
  postings.count_ = count;
  postings.marks_ = ends.end();
  return postings;
}

Result<Postings::Span> Postings::bucket(std::uint64_t hash) const {
  const std::size_t bucket = bucket_of(hash, bits_);
  std::int64_t bounds[2] = {0, 0};
  DAYBOOK_TRY(bucket == 0 ? ends_.read(0, 1, bounds + 1) : ends_.read(bucket - 1, 2, bounds));
  if (bounds[0] < 0 || bounds[1] < bounds[0] || bounds[1] > static_cast<std::int64_t>(count_)) {
    return broken("the buckets are not in order");
  }
  return Span{static_cast<std::size_t>(bounds[0]), static_cast<std::size_t>(bounds[1])};
}

Result<std::size_t> Postings::count(std::uint64_t hash) const {
  DAYBOOK_ASSIGN(const Span span, bucket(hash));
  return span.end - span.begin;
}

Result<void> Postings::find(std::uint64_t hash, Positions& positions) const {
  DAYBOOK_ASSIGN(const Span span, bucket(hash));
  std::vector<std::int64_t> rows(span.end - span.begin);
  DAYBOOK_ASSIGN(const std::string_view marks, content_->read(marks_ + span.begin, rows.size()));
  DAYBOOK_TRY(positions_.read(span.begin, rows.size(), rows.data()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<std::uint8_t>(marks[i]) != mark_of(hash)) continue;
    if (static_cast<std::uint64_t>(rows[i]) >= rows_) return broken("there is no such row");
    positions.push_back(static_cast<std::uint32_t>(rows[i]));
  }
  return {};
}

Result<std::optional<Positions>> candidates(const Filter& filter, BlockReader& block,
                                            std::size_t most) {
  std::optional<Question> best;
  std::size_t fewest = 0;
  const std::size_t conditions = filter.kind == Filter::Kind::kAnd ? filter.parts.size() : 1;
  for (std::size_t i = 0; i < conditions; ++i) {
    const Filter& leaf = filter.kind == Filter::Kind::kAnd ? filter.parts[i] : filter;
    DAYBOOK_ASSIGN(auto question, question_of(leaf, block));
    if (!question) continue;
    DAYBOOK_ASSIGN(const std::size_t count, question->count());
    if (best && count >= fewest) continue;
    best = std::move(question);
    fewest = count;
  }
  if (!best || fewest > most) return std::optional<Positions>();
  Positions positions;
  for (const std::uint64_t hash : best->hashes) {
    DAYBOOK_TRY(best->postings.find(hash, positions));
  }
  std::ranges::sort(positions);
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  return std::optional(std::move(positions));
}

}  // namespace daybook::columns
