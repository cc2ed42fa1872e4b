// FaultVfs: a VFS of SQLite whose files lie on a FaultDisk. It is registered under a name of its
// own for as long as it lives; every connection that uses it must be closed before.
#pragma once

#include <memory>
#include <string>

#include "tests/contract/fault_disk.h"

namespace daybook::contract {

class FaultVfs {
 public:
  FaultVfs();
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  const std::string& name() const;
  FaultDisk& disk();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace daybook::contract
