// kill -9 at random moments of a concurrent ingest: whatever was acknowledged is there, once and
// whole, and positions have no gaps. DAYBOOK_KILL_ROUNDS plays longer.
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/contract/numbered.h"
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

constexpr int kRounds = 12;

// A child that ingests, from its start to its end by kill -9.
class Child {
 public:
  Child(const std::string& form, const std::string& place, int first) {
    int ends[2];
    if (pipe(ends) != 0) std::abort();
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      const std::string number = std::to_string(first);
      execl(DAYBOOK_INGEST_CHILD, DAYBOOK_INGEST_CHILD, form.c_str(), place.c_str(), number.c_str(),
            nullptr);
      std::_Exit(127);
    }
    ::close(ends[1]);
    out_ = ends[0];
  }
  ~Child() { ::close(out_); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Reads until it has written `lines` lines, or for `patience` ms after the last one; then kills
  // it, and reads what it had still written.
  std::string kill_after(int lines, int patience) {
    std::string text;
    while (std::count(text.begin(), text.end(), '\n') < lines) {
      pollfd waiting{out_, POLLIN, 0};
      if (poll(&waiting, 1, patience) == 0 || !read_some(text)) break;
    }
    kill(pid_, SIGKILL);
    while (read_some(text)) {
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with status " << status;
    return text;
  }

 private:
  bool read_some(std::string& text) const {
    char bytes[4096];
    const ssize_t n = ::read(out_, bytes, sizeof bytes);
    if (n > 0) text.append(bytes, static_cast<std::size_t>(n));
    return n > 0;
  }

  pid_t pid_ = 0;
  int out_ = -1;
};

// Each whole line is an acknowledgement: the number and its first position.
void add_acknowledged(const std::string& text, Acknowledged& acknowledged) {
  for (std::size_t at = 0, end = text.find('\n'); end != std::string::npos;
       at = end + 1, end = text.find('\n', at)) {
    const std::string line = text.substr(at, end - at);
    acknowledged[std::stoi(line)] = std::stoull(line.substr(line.find(' ') + 1));
  }
}

class KillTest : public testing::TestWithParam<Form> {};
DAYBOOK_FOR_DURABLE_STORES(KillTest);

TEST_P(KillTest, WhatWasAcknowledgedIsThereOnceAndWhole) {
  const char* given = std::getenv("DAYBOOK_KILL_ROUNDS");
  const int rounds = given == nullptr ? kRounds : std::atoi(given);
  const auto seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  Directory directory;
  const std::string place = directory.path() + "/store";
  Acknowledged acknowledged;
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Child child(GetParam().name, place, round * 1'000'000);
    // Every fourth dies within its first moments, where it opens and replays.
    const bool is_early = round % 4 == 3;
    const int lines = is_early ? 1 : 1 + static_cast<int>(random() % 300);
    const int patience = is_early ? static_cast<int>(random() % 60) : 60'000;
    const std::size_t before = acknowledged.size();
    add_acknowledged(child.kill_after(lines, patience), acknowledged);
    EXPECT_TRUE(is_early || acknowledged.size() > before);
    const auto store = open(GetParam(), place);
    ASSERT_EQ(find_damage(*store, acknowledged), "");
  }
  EXPECT_GT(acknowledged.size(), 0u);
}

}  // namespace

}  // namespace daybook::contract
