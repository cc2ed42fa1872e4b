#include "tests/scenarios/stage.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/embedded.h"
#include "base/log.h"
#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"

namespace daybook::scenarios {

namespace {

template <typename T>
T must(Result<T> result) {
  if (result) return std::move(result).value();
  std::fprintf(stderr, "the stage does not stand: %s\n", result.error().message().c_str());
  for (const Problem& problem : result.error().problems()) {
    std::fprintf(stderr, "  %s\n", problem.detail.c_str());
  }
  std::abort();
}

void must(const Result<void>& result) {
  if (result) return;
  std::fprintf(stderr, "the stage does not stand: %s\n", result.error().message().c_str());
  std::abort();
}

std::string fresh_directory() {
  std::string path = std::filesystem::temp_directory_path() / "daybook-scenario-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) std::abort();
  return path;
}

std::string smallest(const Field& field) {
  switch (field.type) {
    case Type::kText:
      if (field.format == Format::kEmail) return "\"x@example.com\"";
      return field.format == Format::kIp ? "\"192.0.2.1\"" : "\"x\"";
    case Type::kUuid:
      return "\"00000000-0000-7000-8000-000000000000\"";
    case Type::kInt:
    case Type::kFloat:
      return std::to_string(static_cast<int>(field.min.value_or(1)));
    case Type::kBool:
      return "true";
    case Type::kTime:
      return '"' + std::string(kNow) + '"';
    case Type::kDate:
      return "\"2025-12-05\"";
    case Type::kChoice:
      return '"' + field.choices.front() + '"';
    case Type::kJson:
    case Type::kMap:
      return "{}";
    case Type::kList:
      return "[]";
    case Type::kSecret:
      return "\"a long secret\"";
  }
  std::abort();
}

Catalog load_shipped() {
  std::vector<CatalogFile> files;
  for (const EmbeddedFile& file : embedded_catalogs()) {
    files.push_back(
        {std::string(file.path), "catalogs/" + std::string(file.path), std::string(file.bytes)});
  }
  return must(
      Catalog::load(files, [](const std::string&) { return std::optional<std::string>(); }));
}

}  // namespace

const Catalog& shipped_catalog() {
  static const Catalog catalog = load_shipped();
  return catalog;
}

std::string example_row(const Collection& collection,
                        const std::vector<std::pair<std::string, std::string>>& said) {
  std::vector<std::pair<std::string, std::string>> members = said;
  for (const Field& field : collection.fields) {
    const auto is_it = [&](const auto& member) { return member.first == field.name; };
    if (!field.required || std::ranges::any_of(said, is_it)) continue;
    members.emplace_back(sent_name(field), smallest(field));
  }
  std::string text;
  for (const auto& [name, value] : members) {
    text += (text.empty() ? "{\"" : ",\"") + name + "\":" + value;
  }
  return text + "}";
}

Stage::Stage(const std::string& store)
    : directory_(fresh_directory()), clock_(*parse_instant(kNow)) {
  set_log_level(LogLevel::kError);
  store_ =
      store == "memory" ? make_memory_store() : must(sqlite::open_store(directory_ + "/data", {}));
  must(store_->prepare(shipped_catalog()));
  engine_ = std::make_unique<Engine>(shipped_catalog(), *store_, clock_, &data_key_);
  api::Options options;
  options.version = "0.0.0";
  api_ = std::make_unique<api::Api>(*engine_, options);
  server_ = std::make_unique<http::Server>(
      [this](http::Request& request) { return api_->handle(request); }, api::Api::refuse,
      http::Limits{});
  const std::string address = must(server_->listen_tcp("127.0.0.1:0"));
  must(server_->start());
  client_ = std::make_unique<http::Client>(must(http::Client::open("http://" + address)));
}

Stage::~Stage() {
  client_.reset();
  server_.reset();
  api_.reset();
  engine_.reset();
  store_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

}  // namespace daybook::scenarios
