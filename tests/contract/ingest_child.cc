// The process that kill_test kills: takes numbered batches in from several threads and says on
// standard output which were acknowledged, until it is killed.
//
//   ingest_child FORM DIRECTORY FIRST_NUMBER
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <vector>

#include "tests/contract/numbered.h"
#include "tests/contract/stores.h"

namespace daybook::contract {

namespace {

constexpr int kThreads = 4;

// Short enough for a pipe to take it whole.
void acknowledge(int number, Position first) {
  const std::string line = std::to_string(number) + " " + std::to_string(first) + "\n";
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::_Exit(3);
}

void ingest(Store& store, std::atomic<int>& next) {
  while (true) {
    const int number = next++;
    const auto committed = store.apply(numbered_batch(number));
    if (!committed.ok() || !committed->applied) {
      std::cerr << say(committed) << "\n";
      std::_Exit(2);
    }
    acknowledge(number, committed->first);
  }
}

int run(const std::string& form_name, const std::string& place, int first) {
  for (const Form& form : durable_forms()) {
    if (form.name != form_name) continue;
    const auto store = open(form, place);
    std::atomic<int> next = first;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) threads.emplace_back([&] { ingest(*store, next); });
    for (std::thread& thread : threads) thread.join();
  }
  std::cerr << "there is no durable store " << form_name << "\n";
  return 1;
}

}  // namespace

}  // namespace daybook::contract

int main(int count, char** arguments) {
  if (count != 4) return 1;
  return daybook::contract::run(arguments[1], arguments[2], std::atoi(arguments[3]));
}
