// Principal: who asks. Every request carries one; rights are decided from it in one place.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace daybook {

struct Credential;

// The role that runs an application: it makes keys, and the first who registers gets it.
inline constexpr std::string_view kAdminRole = "admin";

struct Principal {
  enum class Kind {
    kOperator,     // the machine's own operator: command line, local socket, loopback while nobody
                   // can sign in
    kNobody,       // without credentials
    kUser,         // signed in
    kKey,          // an access key
    kPublishable,  // a publishable key: writes only
  };
  Kind kind = Kind::kOperator;
  std::string id;           // of the person, of the device that a key stands for, of the key
  std::string application;  // where it belongs; empty: everywhere
  std::string role;
  std::string tenant;   // empty: bound to none
  std::string address;  // of the client
  std::string user_agent;
  // What a key is narrowed to; empty: all that its role may.
  std::vector<std::string> collections;
  std::vector<std::string> verbs;
  // A key without a subject writes on behalf of others.
  bool has_subject = false;
  // By what it was recognised; long work asks it now and then (credentials.h). Null where there is
  // none.
  std::shared_ptr<const Credential> credential;

  bool is_operator() const { return kind == Kind::kOperator; }
  bool speaks_for_others() const {
    return kind == Kind::kOperator || (kind == Kind::kKey && !has_subject);
  }
};

}  // namespace daybook
