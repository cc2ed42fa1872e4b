// The endpoints that routes.cc lists; each stands in the file of its family.
#pragma once

#include "api/call.h"
#include "engine/list.h"

namespace daybook::api {

// create.cc
Result<http::Response> create_rows(Call& call);
Result<http::Response> create_declared(Call& call);
// list.cc
Result<http::Response> list_rows(Call& call);
Result<http::Response> list_declared(Call& call);
// One page of a list, as JSON.
Result<http::Response> answer_page(Call& call, Question question, const ListRule& rule);
// row.cc
Result<http::Response> read_row(Call& call);
Result<http::Response> replace_row(Call& call);
Result<http::Response> change_row(Call& call);
Result<http::Response> remove_row(Call& call);
// stats.cc
Result<http::Response> read_stats(Call& call);
Result<http::Response> read_top(Call& call);
// search.cc
Result<http::Response> search_rows(Call& call);
Result<http::Response> search_declared(Call& call);
// batch.cc
Result<http::Response> apply_batch(Call& call);
// answer.cc
Result<http::Response> answer_declared(Call& call);
// catalog.cc
Result<http::Response> read_catalog(Call& call);
Result<http::Response> read_stored_catalog(Call& call);
Result<http::Response> read_application(Call& call);
Result<http::Response> read_collection(Call& call);
// auth.cc
Result<http::Response> sign_in(Call& call);
Result<http::Response> renew_tokens(Call& call);
Result<http::Response> sign_out(Call& call);
Result<http::Response> register_account(Call& call);
Result<http::Response> change_password(Call& call);
Result<http::Response> read_me(Call& call);
// setup.cc
Result<http::Response> read_setup(Call& call);
Result<http::Response> run_setup(Call& call);
// keys.cc
Result<http::Response> create_key(Call& call);
Result<http::Response> list_keys(Call& call);
Result<http::Response> delete_key(Call& call);
// operate.cc
Result<http::Response> run_sweep(Call& call);
Result<http::Response> read_space(Call& call);
Result<http::Response> read_indexes(Call& call);
Result<http::Response> run_check(Call& call);
// rollups.cc
Result<http::Response> read_rollups(Call& call);
Result<http::Response> run_rollups(Call& call);
// health.cc
Result<http::Response> read_alive(Call& call);
Result<http::Response> read_ready(Call& call);
Result<http::Response> read_health(Call& call);
Result<http::Response> read_store_health(Call& call);
Result<http::Response> read_metrics(Call& call);
// docs.cc
Result<http::Response> read_docs(Call& call);
// openapi.cc
Result<http::Response> read_openapi(Call& call);
// problems.cc
Result<http::Response> read_problem(Call& call);

}  // namespace daybook::api
