// Zones for tests of windows and buckets.
#pragma once

#include <string>
#include <vector>

namespace daybook {

// Forty: every hour of offset, halves and quarters, clocks that change by an hour and by half an
// hour, at midnight and across the date line, and offsets of the nineteenth century.
inline const std::vector<std::string>& forty_zones() {
  static const std::vector<std::string> kZones = {"UTC",
                                                  "Asia/Kolkata",
                                                  "Asia/Kathmandu",
                                                  "Australia/Lord_Howe",
                                                  "Pacific/Chatham",
                                                  "America/St_Johns",
                                                  "Europe/Berlin",
                                                  "Europe/London",
                                                  "America/New_York",
                                                  "America/Los_Angeles",
                                                  "America/Sao_Paulo",
                                                  "America/Havana",
                                                  "Asia/Tehran",
                                                  "Asia/Kabul",
                                                  "Asia/Yangon",
                                                  "Australia/Adelaide",
                                                  "Australia/Eucla",
                                                  "Australia/Darwin",
                                                  "Pacific/Apia",
                                                  "Pacific/Kiritimati",
                                                  "Pacific/Marquesas",
                                                  "Africa/Cairo",
                                                  "Africa/Casablanca",
                                                  "Africa/Monrovia",
                                                  "Asia/Amman",
                                                  "Asia/Beirut",
                                                  "Asia/Gaza",
                                                  "Asia/Tokyo",
                                                  "Asia/Shanghai",
                                                  "Asia/Colombo",
                                                  "Asia/Pyongyang",
                                                  "Atlantic/Azores",
                                                  "America/Caracas",
                                                  "America/Asuncion",
                                                  "America/Santiago",
                                                  "Europe/Dublin",
                                                  "Europe/Moscow",
                                                  "Europe/Amsterdam",
                                                  "Antarctica/Troll",
                                                  "Pacific/Auckland"};
  return kZones;
}

}  // namespace daybook
