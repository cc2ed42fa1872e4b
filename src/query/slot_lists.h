// SlotLists: the slots of many histograms, packed as they are stored, and read one by one when
// somebody asks. A plain value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/aggregate.h"

namespace daybook {

class SlotSums;

class SlotLists {
 public:
  SlotLists() = default;
  // Another list. An empty one takes no bytes.
  void add(std::span<const Histogram::Slot> slots);  // ascending
  void add_packed(std::string_view list);            // of packed()
  void reserve(std::size_t lists);
  // Gives back the room that nothing lies in.
  void shrink() {
    bytes_.shrink_to_fit();
    places_.shrink_to_fit();
  }
  std::size_t size() const { return places_.size(); }
  std::size_t memory() const { return bytes_.capacity() + places_.capacity() * sizeof(Place); }
  // The form is described in rollup_sections.cc. Lists of the same slots are the same bytes.
  std::string_view packed(std::size_t list) const {
    return std::string_view(bytes_).substr(places_[list].begin, places_[list].size);
  }
  // Adds its slots to the sums and gives the sum of its counts; empty when the bytes are no list,
  // some of it being added.
  std::optional<std::int64_t> read(std::size_t list, SlotSums& sums) const;

  // Bytes that hold lists, and where in them one lies that was added without slots.
  void add_bytes(std::string&& bytes) {
    bytes_.empty() ? bytes_ = std::move(bytes) : bytes_ += bytes;
  }
  std::string_view bytes() const { return bytes_; }
  void set_place(std::size_t list, std::size_t begin, std::size_t size) {
    places_[list] = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(size)};
  }

 private:
  struct Place {
    std::uint32_t begin, size;
  };

  // What lies behind `begin`.
  Place place(std::size_t begin) const {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(bytes_.size() - begin)};
  }

  std::string bytes_;
  std::vector<Place> places_;
};

}  // namespace daybook
