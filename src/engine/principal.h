// Principal: who asks. Every request carries one; rights are decided from it in one place.
#pragma once

#include <string>

namespace daybook {

struct Principal {
  enum class Kind {
    kOperator,     // the machine's own operator: command line, local socket, loopback while no key
                   // exists
    kUser,         // signed in
    kKey,          // an access key
    kPublishable,  // a publishable key: writes only
  };
  Kind kind = Kind::kOperator;
  std::string id;           // empty for the operator
  std::string application;  // where it belongs; empty: everywhere
  std::string role;
  std::string tenant;   // empty: bound to none
  std::string address;  // of the connection
  std::string user_agent;

  bool speaks_for_others() const { return kind == Kind::kOperator || kind == Kind::kKey; }
};

}  // namespace daybook
