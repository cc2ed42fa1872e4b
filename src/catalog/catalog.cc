#include "catalog/catalog.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/hash.h"
#include "base/text.h"
#include "catalog/readers.h"

namespace daybook {

namespace {

using Applications = std::map<std::string, Application, std::less<>>;

constexpr std::string_view kApplicationFile = "application";

struct ParsedFile {
  std::string application;
  std::string name;  // of the collection, or kApplicationFile
  std::string shown;
  Toml toml;

  bool is_application() const { return name == kApplicationFile; }
};

bool is_name(std::string_view name) {
  constexpr std::size_t kMaxNameBytes = 64;
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !name.empty() && name.size() <= kMaxNameBytes && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

bool is_taken_application(std::string_view name) {
  constexpr std::array<std::string_view, 7> kTaken = {"auth",    "keys",      "catalog", "jobs",
                                                      "backups", "analytics", "metrics"};
  return std::find(kTaken.begin(), kTaken.end(), name) != kTaken.end();
}

bool is_taken_collection(std::string_view name) {
  return name == "batch" || name == "streams" || name == "recipes";
}

// Takes "<application>/<name>.toml" apart.
bool split_path(const CatalogFile& file, ParsedFile& out, Mistakes& mistakes) {
  constexpr std::string_view kSuffix = ".toml";
  const Origin origin{file.shown, 0, ""};
  const auto parts = split(file.path, '/');
  if (parts.size() != 2 || !parts[1].ends_with(kSuffix)) {
    mistakes.add(origin, "is no place for a declaration; expected <application>/<collection>.toml");
    return false;
  }
  out.shown = file.shown;
  out.application = std::string(parts[0]);
  out.name = std::string(parts[1].substr(0, parts[1].size() - kSuffix.size()));
  for (const std::string& name : {out.application, out.name}) {
    if (is_name(name)) continue;
    mistakes.add(origin, "'" + name +
                             "' is no name; expected a lower case letter, then lower case letters, "
                             "digits and '_', at most 64 bytes");
  }
  if (is_taken_application(out.application)) {
    mistakes.add(origin, "an application cannot be called '" + out.application +
                             "', a word of the interface");
  }
  if (is_taken_collection(out.name)) {
    mistakes.add(origin,
                 "a collection cannot be called '" + out.name + "', a word of the interface");
  }
  return true;
}

std::vector<ParsedFile> parse_files(const std::vector<CatalogFile>& files, Mistakes& mistakes) {
  std::vector<ParsedFile> parsed;
  for (const CatalogFile& file : files) {
    ParsedFile out;
    if (!split_path(file, out, mistakes)) continue;
    int line = 0;
    Result<Toml> toml = parse_toml(file.text, line);
    if (!toml.ok()) {
      mistakes.add({file.shown, line, ""}, "is no TOML: " + toml.error().message());
      continue;
    }
    out.toml = std::move(toml).value();
    const auto is_same = [&](const ParsedFile& other) {
      return other.application == out.application && other.name == out.name;
    };
    if (std::any_of(parsed.begin(), parsed.end(), is_same)) {
      mistakes.add({file.shown, 0, ""}, "is declared by another file of the same path");
      continue;
    }
    parsed.push_back(std::move(out));
  }
  return parsed;
}

TableReader reader_of(const ParsedFile& file, Mistakes& mistakes) {
  return TableReader(file.toml, {file.shown, 1, ""}, mistakes);
}

// The order matters: collections refer to settings and roles, and routes to collections.
Applications read_all(const std::vector<ParsedFile>& files, const SettingSource& settings,
                      Mistakes& mistakes) {
  Applications applications;
  std::map<std::string, TableReader> heads;
  for (const ParsedFile& file : files) {
    Application& application = applications[file.application];
    application.name = file.application;
    if (application.database.empty()) application.database = file.application;
    if (application.tag.empty()) application.tag = file.application;
    if (!file.is_application()) continue;
    auto head = heads.emplace(file.application, reader_of(file, mistakes)).first;
    read_application_head(head->second, settings, application);
  }
  for (const ParsedFile& file : files) {
    if (file.is_application()) continue;
    Application& application = applications[file.application];
    TableReader reader = reader_of(file, mistakes);
    application.collections[file.name] = read_collection(file.name, reader, application);
  }
  for (auto& [name, head] : heads) read_application_rest(head, applications[name]);
  return applications;
}

std::string hex_digest(std::string_view text) {
  const Sha256 digest = sha256(text);
  return hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

template <typename Map>
std::vector<std::string> names_of(const Map& map) {
  std::vector<std::string> names;
  for (const auto& [name, unused] : map) names.push_back(name);
  return names;
}

Result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in.good() && !in.eof()) {
    return Error(Code::kUnavailable, "cannot read " + path.string());
  }
  return text.str();
}

}  // namespace

Result<Catalog> Catalog::load(const std::vector<CatalogFile>& files,
                              const SettingSource& settings) {
  Mistakes mistakes;
  const std::vector<ParsedFile> parsed = parse_files(files, mistakes);
  Catalog catalog;
  // A file that could not be read would make every mention of its collection a mistake.
  if (mistakes.empty()) {
    catalog.applications_ = read_all(parsed, settings, mistakes);
    for (const auto& [name, application] : catalog.applications_) {
      check_references(application, mistakes);
      check_rights(application, mistakes);
    }
    check_routes(catalog.applications_, mistakes);
    check_holds(catalog.applications_, mistakes);
  }
  if (!mistakes.empty()) {
    std::vector<std::string> order;
    for (const CatalogFile& file : files) order.push_back(file.shown);
    return std::move(mistakes).error(order);
  }
  catalog.fingerprint_ = hex_digest(catalog_json(catalog));
  return catalog;
}

const Application* Catalog::find(std::string_view application) const {
  const auto at = applications_.find(application);
  return at == applications_.end() ? nullptr : &at->second;
}

Result<const Collection*> Catalog::collection(std::string_view application,
                                              std::string_view name) const {
  const Application* found = find(application);
  if (found == nullptr) {
    return Error(Code::kNotFound, "there is no application '" + std::string(application) + "'" +
                                      suggestion(application, names_of(applications_)));
  }
  const Collection* collection = found->find(name);
  if (collection == nullptr) {
    return Error(Code::kNotFound, "there is no collection '" + std::string(name) + "' in " +
                                      found->name + suggestion(name, names_of(found->collections)));
  }
  return collection;
}

Result<const Collection*> Catalog::collection(std::string_view full_name) const {
  const std::size_t slash = full_name.find('/');
  if (slash == full_name.npos) {
    return Error(Code::kNotFound, "there is no collection '" + std::string(full_name) +
                                      "'; expected application/collection");
  }
  return collection(full_name.substr(0, slash), full_name.substr(slash + 1));
}

Result<std::vector<CatalogFile>> read_catalog_directory(const std::string& directory) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<CatalogFile> files;
  fs::recursive_directory_iterator walk(directory, error);
  for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    if (walk->path().extension() != ".toml" || !walk->is_regular_file(error)) continue;
    DAYBOOK_ASSIGN(std::string text, read_file(walk->path()));
    files.push_back({fs::relative(walk->path(), directory, error).generic_string(),
                     walk->path().generic_string(), std::move(text)});
  }
  if (error) {
    return Error(Code::kNotFound, "cannot read the catalogs in " + directory)
        .with_cause(error.message());
  }
  std::sort(files.begin(), files.end(),
            [](const CatalogFile& a, const CatalogFile& b) { return a.path < b.path; });
  return files;
}

std::vector<CatalogFile> overlay(std::vector<CatalogFile> base, std::vector<CatalogFile> extra) {
  for (CatalogFile& file : extra) {
    const auto same = std::find_if(base.begin(), base.end(), [&](const CatalogFile& other) {
      return other.path == file.path;
    });
    if (same == base.end()) {
      base.push_back(std::move(file));
    } else {
      *same = std::move(file);
    }
  }
  return base;
}

}  // namespace daybook
