// What it costs to decide whether a sample of a device is worth a row, for `daybook bench`.
#pragma once

namespace daybook::cli {

// Samples a second that one thread decides of, of a thousand devices with four metrics each that
// wander, by the filter as it is when nothing is declared.
double samples_decided_per_second();

}  // namespace daybook::cli
