// What ends when: sessions, keys and tokens to the instant, also under what is under way.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>

#include "base/hash.h"
#include "engine/access_keys.h"
#include "tests/scenarios/counter.h"

namespace daybook::scenarios {

namespace {

using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class IdentityTest : public testing::Test {
 protected:
  void make_user(const std::string& email, const std::string& more = {}) {
    const auto made = counter_.operate("POST", "/api/v1/system/users",
                                       R"({"id":")" + email + R"(","email":")" + email +
                                           R"(","password":"a long enough one")" + more + "}");
    ASSERT_EQ(made.status, 201) << made.body;
  }

  http::Response sign_in(const std::string& email, const std::string& password,
                         const std::string& address = "192.0.2.1") {
    return counter_.ask({"POST",
                         "/api/v1/auth/login",
                         R"({"email":")" + email + R"(","password":")" + password + "\"}",
                         {},
                         address});
  }

  http::Response renew(const std::string& token) {
    return counter_.ask({"POST", "/api/v1/auth/refresh", R"({"refresh_token":")" + token + "\"}"});
  }

  int me(const std::string& token) {
    return counter_.ask_as(token, "GET", "/api/v1/auth/me").status;
  }

  // How often a refresh token was used twice, as the trail tells it.
  std::string reuses() {
    return counter_.operate("GET", "/api/v1/system/audit_logs?event_type=session.reuse").body;
  }

  void bring_rows(int count) {
    std::string rows;
    for (int i = 0; i < count; ++i) {
      rows += (i == 0 ? "[" : ",") + std::string(R"({"job_id":"j","job_type":"restart",)") +
              R"("status":"success","timestamp":"2025-12-05T13:00:00Z"})";
    }
    ASSERT_EQ(counter_.operate("POST", "/api/v1/homepot/job_outcomes", rows + "]").status, 201);
  }

  Counter counter_;
};

TEST_F(IdentityTest, AnAccessTokenEndsAtItsInstant) {
  make_user("ann@example.com", R"(,"role":"admin")");
  const auto signed_in = sign_in("ann@example.com", "a long enough one");
  const std::string token = member_of(signed_in, "access_token");
  const Instant begin = counter_.clock().now();
  counter_.clock().set(begin + minutes(15) - microseconds(1));
  EXPECT_EQ(me(token), 200);
  counter_.clock().set(begin + minutes(15));
  EXPECT_EQ(me(token), 401);
}

TEST_F(IdentityTest, ARefreshTokenEndsAtItsInstant) {
  make_user("ann@example.com");
  const std::string token =
      member_of(sign_in("ann@example.com", "a long enough one"), "refresh_token");
  const Instant begin = counter_.clock().now();
  counter_.clock().set(begin + std::chrono::hours(24 * 30) - microseconds(1));
  const auto renewed = renew(token);
  EXPECT_EQ(renewed.status, 200);
  const std::string next = member_of(renewed, "refresh_token");
  counter_.clock().set(counter_.clock().now() + std::chrono::hours(24 * 30));
  EXPECT_EQ(renew(next).status, 401);
}

TEST_F(IdentityTest, AKeyEndsAtItsInstantAlsoWhenItIsRemembered) {
  const std::string key =
      counter_.make_key("homepot", "admin", R"(,"expires_at":"2025-12-05T14:00:10Z")");
  EXPECT_EQ(me(key), 200);
  counter_.clock().set(*parse_instant("2025-12-05T14:00:09.999999Z"));
  EXPECT_EQ(me(key), 200);
  counter_.clock().set(*parse_instant("2025-12-05T14:00:10Z"));
  EXPECT_EQ(me(key), 401);
}

// Of two that show the same token at once only one is served, and then the family is over.
TEST_F(IdentityTest, OneRefreshTokenIsGoodOnceAlsoAtTheSameTime) {
  make_user("ann@example.com");
  const std::string token =
      member_of(sign_in("ann@example.com", "a long enough one"), "refresh_token");
  std::atomic<int> served = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] { served += renew(token).status == 200 ? 1 : 0; });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_LE(served, 1);
  const auto sessions = counter_.operate("GET", "/api/v1/system/sessions");
  EXPECT_NE(sessions.body.find("\"items\":[]"), std::string::npos) << sessions.body;
}

TEST_F(IdentityTest, AnExportEndsWhenItsKeyIsRevoked) {
  bring_rows(3000);
  const std::string key = counter_.make_key("homepot", "admin");
  const auto whole = counter_.ask_as(key, "GET", "/api/v1/homepot/job_outcomes?format=ndjson");
  EXPECT_EQ(std::ranges::count(drain(whole), '\n'), 3000);

  const auto begun = counter_.ask_as(key, "GET", "/api/v1/homepot/job_outcomes?format=ndjson");
  ASSERT_TRUE(begun.stream());
  const auto keys = counter_.operate("GET", "/api/v1/keys?limit=1");
  const std::size_t at = keys.body.find("\"id\":\"") + 6;
  const std::string id = keys.body.substr(at, keys.body.find('"', at) - at);
  ASSERT_EQ(counter_.operate("DELETE", "/api/v1/keys/" + id).status, 204);
  const auto last = begun.stream();
  ASSERT_TRUE(last);
  EXPECT_NE(last->find("/problems/unauthorized"), std::string::npos) << *last;
  EXPECT_TRUE(begun.broke_off());
}

// Two pieces of a thousand lines; before the second somebody revokes the key.
class RevokingBody : public http::Body {
 public:
  RevokingBody(Counter& counter, std::string id) : counter_(counter), id_(std::move(id)) {}
  Result<bool> read(std::string& out) override {
    if (++pieces_ == 2) {
      EXPECT_EQ(counter_.operate("DELETE", "/api/v1/keys/" + id_).status, 204);
    }
    for (int i = 0; i < 1000; ++i) {
      out += "{\"job_id\":\"j\",\"job_type\":\"restart\",\"status\":\"success\"}\n";
    }
    return pieces_ < 3;
  }

 private:
  Counter& counter_;
  const std::string id_;
  int pieces_ = 0;
};

TEST_F(IdentityTest, ABodyEndsWhenItsKeyIsRevoked) {
  const auto made = counter_.operate("POST", "/api/v1/keys",
                                     R"({"name":"x","application":"homepot","role":"admin"})");
  const auto answer = counter_.ask({"POST",
                                    "/api/v1/homepot/job_outcomes",
                                    "",
                                    {{"Authorization", "Bearer " + member_of(made, "key")},
                                     {"Content-Type", "application/x-ndjson"}}},
                                   std::make_unique<RevokingBody>(counter_, member_of(made, "id")));
  EXPECT_EQ(answer.status, 401);
  EXPECT_NE(answer.body.find("1000 lines stored before"), std::string::npos) << answer.body;
}

TEST_F(IdentityTest, WhatWasRevokedIsRefusedFromTheAnswerOn) {
  make_user("ann@example.com", R"(,"role":"admin")");
  const std::string token =
      member_of(sign_in("ann@example.com", "a long enough one"), "access_token");
  EXPECT_EQ(me(token), 200);
  ASSERT_EQ(counter_.operate("PATCH", "/api/v1/system/users/ann@example.com", R"({"role":"user"})")
                .status,
            200);
  EXPECT_EQ(counter_.ask_as(token, "GET", "/api/v1/space").status, 403);
  ASSERT_EQ(
      counter_.operate("PATCH", "/api/v1/system/users/ann@example.com", R"({"is_active":false})")
          .status,
      200);
  EXPECT_EQ(me(token), 401);
  ASSERT_EQ(
      counter_.operate("PATCH", "/api/v1/system/users/ann@example.com", R"({"is_active":true})")
          .status,
      200);
  EXPECT_EQ(me(token), 401) << "who was disabled signs in anew";
  const std::string next =
      member_of(sign_in("ann@example.com", "a long enough one"), "access_token");
  EXPECT_EQ(me(next), 200);
  make_user("eve@example.com");
  ASSERT_EQ(counter_.operate("DELETE", "/api/v1/system/users/ann@example.com").status, 204);
  EXPECT_EQ(me(next), 401);
  make_user("ann@example.com");
  EXPECT_EQ(me(next), 401) << "another account of the same id";
}

TEST_F(IdentityTest, ANewPasswordSparesTheSessionThatSetIt) {
  make_user("ann@example.com");
  const auto here = sign_in("ann@example.com", "a long enough one");
  const auto there = sign_in("ann@example.com", "a long enough one");
  ASSERT_EQ(counter_
                .ask_as(member_of(here, "access_token"), "POST", "/api/v1/auth/password",
                        R"({"old":"a long enough one","new":"another long one"})")
                .status,
            204);
  EXPECT_EQ(me(member_of(there, "access_token")), 401);
  EXPECT_EQ(renew(member_of(there, "refresh_token")).status, 401);
  const auto renewed = renew(member_of(here, "refresh_token"));
  EXPECT_EQ(renewed.status, 200) << renewed.body;
  EXPECT_EQ(me(member_of(renewed, "access_token")), 200);
  EXPECT_NE(reuses().find("\"items\":[]"), std::string::npos) << reuses();
}

TEST_F(IdentityTest, WhoEndsHisOwnAccountHasNoSessionLeft) {
  make_user("ann@example.com", R"(,"role":"admin")");
  const auto here = sign_in("ann@example.com", "a long enough one");
  const std::string token = member_of(here, "access_token");
  const std::string account = "/api/v1/system/users/ann@example.com";
  ASSERT_EQ(counter_.ask_as(token, "PATCH", account, R"({"is_active":false})").status, 200);
  ASSERT_EQ(counter_.operate("PATCH", account, R"({"is_active":true})").status, 200);
  EXPECT_EQ(me(token), 401);
  EXPECT_EQ(renew(member_of(here, "refresh_token")).status, 401);
  EXPECT_NE(reuses().find("\"items\":[]"), std::string::npos) << "it was not used before";
}

TEST_F(IdentityTest, ARefreshTokenUsedTwiceIsToldOnceAndOfWhom) {
  make_user("ann@example.com", R"(,"tenant":"org-1")");
  const auto signed_in = sign_in("ann@example.com", "a long enough one");
  ASSERT_EQ(renew(member_of(signed_in, "refresh_token")).status, 200);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(renew(member_of(signed_in, "refresh_token")).status, 401);
  const std::string told = reuses();
  for (const std::string part :
       {R"("user_id":"ann@example.com")", R"("tenant":"org-1")", R"("ip_address":"192.0.2.1")"}) {
    EXPECT_NE(told.find(part), std::string::npos) << told;
  }
  EXPECT_EQ(told.find("session.reuse"), told.rfind("session.reuse")) << told;
}

TEST_F(IdentityTest, TheLastAccountStaysUntilThereIsAKey) {
  make_user("ann@example.com", R"(,"role":"admin")");
  make_user("eve@example.com");
  const std::string users = "/api/v1/system/users/";
  EXPECT_EQ(counter_
                .operate("POST", "/api/v1/system/batch",
                         R"({"delete":{"users":["ann@example.com","eve@example.com"]}})")
                .status,
            409);
  EXPECT_EQ(counter_.operate("DELETE", users + "eve@example.com").status, 204);
  const auto signed_in = sign_in("ann@example.com", "a long enough one");
  const auto refused =
      counter_.ask_as(member_of(signed_in, "access_token"), "DELETE", users + "ann@example.com");
  EXPECT_EQ(refused.status, 409) << refused.body;
  EXPECT_EQ(counter_.operate("DELETE", users + "nobody@example.com").status, 404);
  counter_.make_key("homepot", "admin");
  EXPECT_EQ(counter_.operate("DELETE", users + "ann@example.com").status, 204);
  const Counter::Asked stranger{"GET", "/api/v1/system/users", {}, {}, "127.0.0.1"};
  EXPECT_EQ(counter_.ask(stranger).status, 401);
}

TEST_F(IdentityTest, AnAdministratorsNewPasswordSignsEverybodyOut) {
  make_user("ann@example.com");
  const auto signed_in = sign_in("ann@example.com", "a long enough one");
  ASSERT_EQ(counter_
                .operate("PATCH", "/api/v1/system/users/ann@example.com",
                         R"({"password":"another long one"})")
                .status,
            200);
  EXPECT_EQ(me(member_of(signed_in, "access_token")), 401);
  EXPECT_EQ(renew(member_of(signed_in, "refresh_token")).status, 401);
  EXPECT_EQ(sign_in("ann@example.com", "another long one").status, 200);
}

TEST_F(IdentityTest, WrongPasswordsHaveToWaitAndLockNobodyOut) {
  make_user("ann@example.com");
  EXPECT_EQ(sign_in("ann@example.com", "a long enough one", "198.51.100.7").status, 200);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(sign_in("ann@example.com", "guess").status, 401);
  const auto refused = sign_in("ann@example.com", "a long enough one");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.get("Retry-After"), "60");
  EXPECT_EQ(sign_in("ann@example.com", "a long enough one", "198.51.100.7").status, 200);
  counter_.clock().advance(minutes(1));
  EXPECT_EQ(sign_in("ann@example.com", "a long enough one").status, 200);
}

TEST_F(IdentityTest, RegistrationsOfOthersKeepNobodyWaiting) {
  const auto enrol = [&](const std::string& address, const std::string& members) {
    return counter_.ask({"POST",
                         "/api/v1/auth/register",
                         R"({"application":"sentimatrix")" + members + "}",
                         {},
                         address});
  };
  for (int i = 0; i < 600; ++i) enrol("203.0.113." + std::to_string(i % 14), "");
  EXPECT_EQ(enrol("203.0.113.1", "").status, 429);
  const auto newcomer =
      enrol("198.51.100.7", R"(,"email":"ann@example.com","password":"a long enough one")");
  EXPECT_EQ(newcomer.status, 201) << newcomer.body;
}

// Wrong passwords in a burst take two processors' work and sixteen workers, never all of them.
TEST_F(IdentityTest, PasswordsThatCannotBeCheckedSoonAreRefusedAtOnce) {
  make_user("ann@example.com");
  Gate::Pass whole = hashing().enter(kHashingAtOnce);
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i < kMostWaitForHashing; ++i) {
    callers.emplace_back(
        [this, i] { EXPECT_EQ(sign_in(std::to_string(i) + "@example.com", "guess").status, 401); });
  }
  while (hashing().waiting() < kMostWaitForHashing) std::this_thread::yield();
  for (int i = 0; i < 10; ++i) {
    const auto refused = sign_in("ann@example.com", "a long enough one");
    EXPECT_EQ(refused.status, 503) << "no try is used up: " << refused.body;
    EXPECT_TRUE(refused.headers.has("Retry-After"));
  }
  EXPECT_EQ(counter_
                .operate("POST", "/api/v1/system/users",
                         R"({"email":"eve@example.com","password":"a long enough one"})")
                .status,
            503);
  EXPECT_EQ(counter_
                .operate("PATCH", "/api/v1/system/users/ann@example.com",
                         R"({"password":"another long one"})")
                .status,
            503);
  EXPECT_EQ(counter_.ask({"GET", "/livez"}).status, 200);
  whole = Gate::Pass();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(sign_in("ann@example.com", "a long enough one").status, 200);
}

TEST_F(IdentityTest, APageWritesSixtyRowsAtOnceAndThenTwoASecond) {
  counter_.make_key("homepot", "publishable",
                    R"(,"publishable":true,"origins":["https://page.example"])");
  const auto send = [&](const std::string& address) {
    const scenarios::Counter::Asked error{
        "POST",
        "/api/v1/analytics/error",
        R"({"category":"frontend","severity":"error","error_message":"x"})",
        {{"Origin", "https://page.example"}},
        address};
    return counter_.ask(error).status;
  };
  for (int i = 0; i < 60; ++i) ASSERT_EQ(send("198.51.100.7"), 201) << i;
  EXPECT_EQ(send("198.51.100.7"), 429);
  EXPECT_EQ(send("203.0.113.9"), 201) << "another place has tries of its own";
  counter_.clock().advance(seconds(1));
  EXPECT_EQ(send("198.51.100.7"), 201);
}

// Both take one Argon2id and nothing that depends on the account beside it.
TEST_F(IdentityTest, AnUnknownAccountTakesTheWorkOfAKnownOne) {
  make_user("ann@example.com");
  const auto cpu_of = [&](const std::string& email) {
    const std::clock_t begin = std::clock();
    EXPECT_EQ(sign_in(email, "guess").status, 401);
    return static_cast<double>(std::clock() - begin);
  };
  cpu_of("warm@example.com");
  const double known = cpu_of("ann@example.com");
  const double unknown = cpu_of("nobody@example.com");
  EXPECT_GT(unknown, known / 3);
  EXPECT_LT(unknown, known * 3);
}

TEST_F(IdentityTest, TheSetupLinkIsGoodOnceAndNotAfterSomebodyCanSignIn) {
  const std::string token = counter_.engine().setup_link().code();
  const std::string body =
      R"({"email":"ann@example.com","password":"a long enough one","setup":")" + token + "\"}";
  const auto made = counter_.ask({"POST", "/api/v1/auth/register", body});
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_NE(made.body.find("\"role\":\"admin\""), std::string::npos);
  EXPECT_EQ(counter_
                .ask({"POST", "/api/v1/auth/register",
                      R"({"email":"eve@example.com","password":"a long enough one","setup":")" +
                          token + "\"}"})
                .status,
            403);
  EXPECT_EQ(sign_in("ann@example.com", "a long enough one").status, 200);
}

std::string form_of(const std::string& code, const std::string& password) {
  return "code=" + code + "&login=ann%2Bx%40example.com&password=" + password;
}

// What the page of the one-time link sends.
http::Response send_form(scenarios::Counter& counter, const std::string& body) {
  return counter.ask(
      {"POST",
       "/setup",
       body,
       {{"Content-Type", "application/x-www-form-urlencoded"}, {"Origin", "http://localhost"}}});
}

TEST_F(IdentityTest, TheSetupPageMakesTheFirstAdministratorOnce) {
  const std::string code = counter_.engine().setup_link().code();
  const auto page = counter_.ask({"GET", "/setup?code=" + code});
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("name=\"code\" value=\"" + code + "\""), std::string::npos);
  EXPECT_EQ(page.body.find("<script"), std::string::npos);
  // Without a referrer a browser would send the form from nowhere ("Origin: null").
  EXPECT_EQ(page.headers.get("Referrer-Policy"), "same-origin");
  EXPECT_NE(page.headers.get("Content-Security-Policy").find("form-action 'self'"),
            std::string_view::npos);

  const auto refused = send_form(counter_, form_of(code, "short"));
  EXPECT_EQ(refused.status, 422);
  EXPECT_NE(refused.body.find("value=\"ann+x@example.com\""), std::string::npos) << refused.body;
  EXPECT_EQ(refused.body.find("value=\"short\""), std::string::npos);

  const auto made = send_form(counter_, form_of(code, "a+long+enough+one"));
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(sign_in("ann+x@example.com", "a long enough one").status, 200);
  const auto again = send_form(counter_, form_of(code, "a+long+enough+one"));
  EXPECT_EQ(again.status, 410);
  EXPECT_NE(again.body.find("The link was used"), std::string::npos);
  EXPECT_EQ(counter_.ask({"GET", "/setup?code=" + code}).status, 410);
}

TEST_F(IdentityTest, TheSetupLinkIsGoodForADay) {
  const std::string code = counter_.engine().setup_link().code();
  counter_.clock().advance(std::chrono::hours(24) - std::chrono::seconds(1));
  EXPECT_EQ(counter_.ask({"GET", "/setup?code=" + code}).status, 200);
  counter_.clock().advance(std::chrono::seconds(1));
  for (const auto& late : {counter_.ask({"GET", "/setup?code=" + code}),
                           send_form(counter_, form_of(code, "a+long+enough+one"))}) {
    EXPECT_EQ(late.status, 410);
    EXPECT_NE(late.body.find("The link has expired"), std::string::npos);
  }
}

TEST_F(IdentityTest, TheSetupPageWritesNoMarkupThatARequestBrings) {
  const std::string code = counter_.engine().setup_link().code();
  const auto page = send_form(counter_, "code=" + code + "&login=%22%3E%3Cb%3Ex&password=a");
  EXPECT_EQ(page.status, 422);
  EXPECT_EQ(page.body.find("<b>x"), std::string::npos);
}

// Requests go on while keys come and go: a key that was revoked is never served again.
TEST_F(IdentityTest, KeysMayBeRevokedWhileTheyAreUsed) {
  counter_.make_key("system", "admin");
  for (int round = 0; round < 20; ++round) {
    const auto made = counter_.operate("POST", "/api/v1/keys",
                                       R"({"name":"x","application":"homepot","role":"admin"})");
    const std::string key = member_of(made, "key");
    std::atomic<bool> is_revoked = false, was_served_late = false, is_over = false;
    std::vector<std::thread> users;
    for (int i = 0; i < 4; ++i) {
      users.emplace_back([&] {
        while (!is_over) {
          const bool was_revoked = is_revoked;
          if (me(key) == 200 && was_revoked) was_served_late = true;
        }
      });
    }
    EXPECT_EQ(counter_.operate("DELETE", "/api/v1/keys/" + member_of(made, "id")).status, 204);
    is_revoked = true;
    for (int i = 0; i < 50; ++i) EXPECT_EQ(me(key), 401);
    is_over = true;
    for (std::thread& user : users) user.join();
    EXPECT_FALSE(was_served_late);
  }
}

TEST_F(IdentityTest, TheLastUseOfAKeyIsNoted) {
  const std::string key = counter_.make_key("homepot", "admin");
  EXPECT_EQ(me(key), 200);
  ASSERT_TRUE(note_key_uses(counter_.engine()).ok());
  const auto keys = counter_.operate("GET", "/api/v1/keys");
  EXPECT_NE(keys.body.find("\"last_used_at\":\"2025-12-05T14:00:00Z\""), std::string::npos)
      << keys.body;
  EXPECT_EQ(me(key), 200);
}

}  // namespace

}  // namespace daybook::scenarios
