// The catalog of the contract tests: two made-up applications with every field type, every form of
// index and every form of keep.
#pragma once

#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace daybook::contract {

// shop/orders     journal with tenants: all types, changes, pairs, text, keep classes
// shop/visits     journal in hours, kept a day
// shop/customers  register: unique, sparse, compound, nested and list-element indexes, text
// shop/sessions   register that is kept until a field's instant
// shop/stalls     register with tenants: unique and list-element indexes, kept until an instant
// lab/samples     journal of another application, kept for ever
// Journals have rollups, with keeps of their own.
const Catalog& shop();
const Collection& collection(std::string_view full_name);

// The files of shop(), to be changed and loaded; ends the program when they are wrong.
std::vector<CatalogFile> shop_files();
Catalog load_catalog(std::vector<CatalogFile> files);
// shop() with another text in one file, in the place of one that stands there.
Catalog changed_shop(std::string_view path, std::string_view before, std::string_view after);

}  // namespace daybook::contract
