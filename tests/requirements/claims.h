// The requirements' lists beside this file, and whether a catalog fulfils a line of them. README.md
// says what a line of each list means. Pure but for reading the lists.
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.h"

namespace daybook {

// A line of a list.
struct Claim {
  std::string list;                // "fields"
  std::string text;                // the line
  std::vector<std::string> words;  // without the id
};

// All lines of one id.
struct Requirement {
  std::string id;
  std::vector<Claim> claims;
};

// In the order of their ids; empty when there are no lists in the directory.
std::vector<Requirement> read_requirements(const std::string& directory);

// What the catalog lacks of a claim, or nothing.
std::string lack(const Catalog& catalog, const Claim& claim);

}  // namespace daybook
