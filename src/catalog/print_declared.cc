#include "catalog/encode.h"
#include "catalog/print.h"
#include "catalog/type_words.h"

namespace daybook {

namespace {

void print_band(std::string_view key, const Band& band, json::Writer& out) {
  out.key(key);
  switch (band.of) {
    case Band::Of::kAbsolute:
      out.value(band.amount);
      return;
    case Band::Of::kLast:
      out.begin_object();
      print_number("percent", band.amount, out);
      out.key("of").value("last");
      out.end_object();
      return;
    case Band::Of::kSpan:
      out.begin_object();
      print_number("percent", band.amount, out);
      out.key("of").value("span");
      print_number("min", band.min, out);
      print_number("max", band.max, out);
      out.end_object();
      return;
  }
}

void print_filter(const Collection& collection, json::Writer& out) {
  const auto& filter = collection.declared.filter;
  if (!filter) return;
  out.key("filter").begin_object();
  print_names("by", filter->by, collection, out);
  out.key("on").value(collection.fields[filter->on].name);
  out.key("heartbeat").value(format_duration(filter->heartbeat));
  print_band("band", filter->band, out);
  out.key("bands").begin_object();
  for (const auto& [metric, band] : filter->bands) print_band(metric, band, out);
  out.end_object();
  out.key("limits").begin_object();
  for (const auto& [metric, ends] : filter->limits) {
    out.key(metric).begin_array().value(ends.first).value(ends.second).end_array();
  }
  out.end_object();
  out.key("mode").value(word_for(kModeWords, filter->mode));
  out.end_object();
}

void print_stream(const Collection& collection, json::Writer& out) {
  const auto& stream = collection.declared.stream;
  if (!stream) return;
  out.key("stream").begin_object();
  out.key("type").value(collection.fields[stream->type].name);
  out.key("id").value(collection.fields[stream->id].name);
  out.key("version").value(collection.fields[stream->version].name);
  out.end_object();
}

void print_group(const Collection& collection, json::Writer& out) {
  const auto& group = collection.declared.group;
  if (!group) return;
  out.key("group").begin_object();
  print_names("of", group->of, collection, out);
  if (group->reopen) {
    out.key("reopen").begin_object();
    out.key(collection.fields[group->reopen->first].name);
    encode_value(group->reopen->second, out);
    out.end_object();
  }
  out.end_object();
}

void print_upload(const Collection& collection, json::Writer& out) {
  const auto& upload = collection.declared.upload;
  if (!upload) return;
  out.key("upload").begin_object();
  out.key("key").value(upload->key);
  out.key("into").value(collection.fields[upload->into].name);
  print_texts("types", upload->types, out);
  out.key("max").value(upload->max_bytes);
  out.key("states").begin_object();
  out.key("field").value(collection.fields[upload->state].name);
  out.key("promised").value(upload->promised);
  out.key("arrived").value(upload->arrived);
  out.end_object();
  out.key("promise_expires").value(format_duration(upload->promise_expires));
  out.end_object();
}

using JobSettings = std::vector<std::pair<std::size_t, std::string>>;

void print_settings(std::string_view key, const JobSettings& settings, const Collection& collection,
                    json::Writer& out) {
  if (settings.empty()) return;
  out.key(key).begin_object();
  for (const auto& [field, value] : settings) out.key(collection.fields[field].name).value(value);
  out.end_object();
}

void print_jobs(const Collection& collection, json::Writer& out) {
  if (collection.declared.jobs.empty()) return;
  out.key("jobs").begin_object();
  for (const JobRule& job : collection.declared.jobs) {
    out.key(job.name).begin_object();
    out.key("when").value(collection.fields[job.field].name + " becomes " +
                          json::quote(job.becomes));
    print_text("worker", job.worker, out);
    print_text("url", job.url, out);
    print_settings("sets", job.sets, collection, out);
    print_settings("fails", job.fails, collection, out);
    out.key("attempts").value(job.attempts);
    out.end_object();
  }
  out.end_object();
}

void print_identity(const Collection& collection, json::Writer& out) {
  const auto& identity = collection.declared.identity;
  if (!identity) return;
  out.key("identity").begin_object();
  out.key("login").value(collection.fields[identity->login].name);
  out.key("password").value(collection.fields[identity->password].name);
  if (identity->role) out.key("role").value(collection.fields[*identity->role].name);
  if (identity->tenant) out.key("tenant").value(collection.fields[*identity->tenant].name);
  if (identity->active) out.key("active").value(collection.fields[*identity->active].name);
  print_text("tokens", identity->tokens, out);
  out.key("register").value(word_for(kRegisterWords, identity->registration));
  out.end_object();
}

void print_allow(const Collection& collection, json::Writer& out) {
  if (collection.declared.allow.empty()) return;
  out.key("allow").begin_object();
  for (const Right& right : collection.declared.allow) {
    out.key(right.role).begin_object();
    print_texts("verbs", right.verbs, out);
    if (right.rows) out.key("rows").value(format_expression(*right.rows));
    print_texts("tenant_verbs", right.tenant_verbs, out);
    print_names("hide", right.hide, collection, out);
    print_names("read_only", right.read_only, collection, out);
    print_flag("pseudonyms", right.pseudonyms, out);
    out.end_object();
  }
  out.end_object();
}

void print_demo(const Collection& collection, json::Writer& out) {
  if (collection.declared.demo.empty()) return;
  out.key("demo").begin_object();
  for (const Generator& generator : collection.declared.demo) {
    out.key(generator.field).raw(generator.how);
  }
  out.end_object();
}

}  // namespace

void print_declared(const Collection& collection, json::Writer& out) {
  print_filter(collection, out);
  print_stream(collection, out);
  print_group(collection, out);
  print_upload(collection, out);
  print_jobs(collection, out);
  print_identity(collection, out);
  print_allow(collection, out);
  print_demo(collection, out);
  print_flag("audit", collection.declared.audit, out);
  print_text("holds", std::string(word_for(kHoldsWords, collection.declared.holds)), out);
}

}  // namespace daybook
