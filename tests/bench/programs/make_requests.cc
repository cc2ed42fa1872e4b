// make_requests ROWS BEGIN END NDJSON CSV
//
// Rows of API requests in order of time over [BEGIN, END) (microseconds since 1970), as NDJSON for
// whoever makes ids itself, and as CSV with an id in front for COPY. Two files of one content.
//
// Users: 50,000, of which the first 10 send a hundredth of all requests each. Addresses: 100,000,
// evenly. Endpoints: 200, the n-th about as often as 1/n. User agents: 100.
#include <vector>

#include "tests/bench/programs/made_text.h"

namespace daybook::bench {
namespace {

constexpr std::uint64_t kUsers = 50'000, kFrequentUsers = 10, kAddresses = 100'000;
constexpr std::uint64_t kEndpoints = 200, kAgents = 100;

struct Words {
  std::vector<std::string> endpoints, agents, errors;
  std::vector<std::uint8_t> endpoint_by_draw;  // 4096 equally likely draws
};

Words make_words() {
  static constexpr std::array<const char*, 5> kThings = {"devices", "sites", "jobs", "users",
                                                         "reports"};
  static constexpr std::array<const char*, 4> kErrors = {"connection to the database was reset",
                                                         "the upstream did not answer within 30 s",
                                                         "no such item", "the token has expired"};
  Words words;
  for (std::uint64_t i = 0; i < kEndpoints; ++i)
    words.endpoints.push_back("/api/v1/" + std::string(kThings[i % 5]) + "/" + std::to_string(i));
  for (std::uint64_t i = 0; i < kAgents; ++i)
    words.agents.push_back(
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/" +
        std::to_string(80 + i) + ".0.0.0 Safari/537.36");
  for (const char* error : kErrors) words.errors.emplace_back(error);
  double all = 0;
  for (std::uint64_t i = 0; i < kEndpoints; ++i) all += 1 / static_cast<double>(i + 1);
  double sum = 0;
  for (std::uint64_t i = 0; i < kEndpoints; ++i) {
    sum += 1 / static_cast<double>(i + 1);
    words.endpoint_by_draw.resize(static_cast<std::size_t>(std::lround(4096 * sum / all)),
                                  static_cast<std::uint8_t>(i));
  }
  return words;
}

struct Request {
  std::uint64_t at;
  std::string_view endpoint, method, agent, error;
  std::uint64_t status, hundredths_of_ms, user, address, bytes_in, bytes_out;
};

std::uint64_t draw_status(Numbers& numbers) {
  const std::uint64_t draw = numbers.below(100);
  if (draw < 88) return 200;
  if (draw < 93) return 201;
  if (draw < 96) return 404;
  return draw < 99 ? 401 : 500;
}

std::uint64_t draw_user(Numbers& numbers) {
  const std::uint64_t draw = numbers.below(100);
  return draw < kFrequentUsers ? draw : kFrequentUsers + numbers.below(kUsers - kFrequentUsers);
}

Request draw(std::uint64_t at, const Words& words, Numbers& numbers) {
  static constexpr std::array<const char*, 10> kMethods = {"GET", "GET",  "GET",  "GET", "GET",
                                                           "GET", "POST", "POST", "PUT", "DELETE"};
  Request one{};
  one.at = at;
  one.endpoint = words.endpoints[words.endpoint_by_draw[numbers.below(4096)]];
  one.method = kMethods[numbers.below(10)];
  one.agent = words.agents[numbers.below(kAgents)];
  one.status = draw_status(numbers);
  if (one.status > 400) one.error = words.errors[numbers.below(words.errors.size())];
  one.hundredths_of_ms = static_cast<std::uint64_t>(numbers.around(4000, 2));
  one.user = draw_user(numbers);
  one.address = numbers.below(kAddresses);
  one.bytes_in = static_cast<std::uint64_t>(numbers.around(400, 2.5));
  one.bytes_out = static_cast<std::uint64_t>(numbers.around(3000, 3));
  return one;
}

// The texts that both files have in common.
struct Shown {
  std::string user, address, milliseconds;
};

Shown show(const Request& one) {
  std::array<char, 6> user{};
  put_digits(user.data(), 5, one.user);
  std::array<char, 3> fraction{'.'};
  put_digits(fraction.data() + 1, 2, one.hundredths_of_ms % 100);
  return {"user-" + std::string(user.data(), 5),
          "10." + std::to_string(one.address >> 16) + "." + std::to_string(one.address >> 8 & 255) +
              "." + std::to_string(one.address & 255),
          std::to_string(one.hundredths_of_ms / 100) + std::string(fraction.data(), 3)};
}

void write_json(const Request& one, const Shown& shown, std::string_view at, OutFile& out) {
  out << R"({"at":")" << at << R"(","endpoint":")" << one.endpoint << R"(","method":")"
      << one.method << R"(","status_code":)" << one.status << R"(,"response_time_ms":)"
      << shown.milliseconds << R"(,"user_id":")" << shown.user << R"(","ip_address":")"
      << shown.address << R"(","user_agent":")" << one.agent << '"';
  if (!one.error.empty()) out << R"(,"error_message":")" << one.error << '"';
  out << R"(,"request_size_bytes":)" << one.bytes_in << R"(,"response_size_bytes":)"
      << one.bytes_out << R"(,"review":"open"})";
  out.end_line();
}

void write_csv(const Request& one, const Shown& shown, std::string_view at, std::string_view id,
               OutFile& out) {
  out << id << "," << at << "," << one.endpoint << "," << one.method << "," << one.status << ","
      << shown.milliseconds << "," << shown.user << "," << shown.address << ",\"" << one.agent
      << "\"," << one.error << "," << one.bytes_in << "," << one.bytes_out << ",open";
  out.end_line();
}

void make(std::uint64_t rows, std::uint64_t begin, std::uint64_t end, OutFile& json, OutFile& csv) {
  const Words words = make_words();
  Numbers numbers(1);
  InstantText instant;
  const double step = static_cast<double>(end - begin) / static_cast<double>(rows);
  for (std::uint64_t i = 0; i < rows; ++i) {
    const double moment = (static_cast<double>(i) + numbers.unit()) * step;
    const Request one = draw(begin + static_cast<std::uint64_t>(moment), words, numbers);
    const Shown shown = show(one);
    const std::string_view at = instant.of(one.at);
    write_json(one, shown, at, json);
    write_csv(one, shown, at, uuid_of(one.at, numbers), csv);
  }
}

}  // namespace
}  // namespace daybook::bench

int main(int count, char** words) {
  if (count != 6) {
    std::fputs("make_requests ROWS BEGIN END NDJSON CSV\n", stderr);
    return 2;
  }
  daybook::bench::OutFile json(words[4]), csv(words[5]);
  daybook::bench::make(std::strtoull(words[1], nullptr, 10), std::strtoull(words[2], nullptr, 10),
                       std::strtoull(words[3], nullptr, 10), json, csv);
}
