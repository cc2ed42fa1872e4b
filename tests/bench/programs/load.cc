// load --port P --path PATH --file FILE [--method POST] [--type application/json] [--connections 8]
//      [--lines 1] [--seconds 0] [--trace FILE]
//
// Sends the lines of FILE to a server on this machine, so many lines a request, each connection its
// next request when it has its answer, and prints one JSON object of what came of it. One thread,
// so that the server keeps the other core. With PATH "-" a line is a path, a tab and a body. Ends
// with the file, or after the seconds; --trace writes "end latency" of each request, in
// microseconds of the monotonic clock.
#include <arpa/inet.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::bench {
namespace {

using Clockwork = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "%s: %s\n", what.c_str(), std::strerror(errno));
  std::exit(1);
}

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clockwork::now().time_since_epoch())
      .count();
}

struct Words {
  std::uint16_t port = 0;
  std::string method = "POST", path, type = "application/json", file, trace;
  int connections = 8, lines = 1;
  double seconds = 0;
};

std::string_view map_file(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (file < 0 || fstat(file, &status) != 0) fail(path);
  const auto size = static_cast<std::size_t>(status.st_size);
  void* bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (bytes == MAP_FAILED) fail(path);
  madvise(bytes, size, MADV_SEQUENTIAL);
  close(file);
  return {static_cast<const char*>(bytes), size};
}

// What is still to be sent, request by request.
class Requests {
 public:
  explicit Requests(const Words& words) : words_(words), all_(map_file(words.file)), rest_(all_) {}

  // False when there is none left. `body` stays valid to the end of the program.
  bool next(std::string& head, std::string_view& body) {
    if (rest_.empty() && words_.seconds > 0) rest_ = all_;
    if (rest_.empty()) return false;
    std::size_t end = 0;
    for (int i = 0; i < words_.lines && end < rest_.size(); ++i, ++sent_lines_)
      end = std::min(rest_.find('\n', end), rest_.size() - 1) + 1;
    body = rest_.substr(0, end);
    rest_.remove_prefix(end);
    std::string_view path = words_.path;
    if (path == "-") {
      path = body.substr(0, body.find('\t'));
      body.remove_prefix(path.size() + 1);
    }
    head = words_.method;
    head.append(" ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\nPrefer: return=minimal");
    head.append("\r\nContent-Type: ").append(words_.type).append("\r\nContent-Length: ");
    head.append(std::to_string(body.size())).append("\r\n\r\n");
    return true;
  }
  std::uint64_t sent_lines() const { return sent_lines_; }

 private:
  const Words& words_;
  const std::string_view all_;
  std::string_view rest_;
  std::uint64_t sent_lines_ = 0;
};

struct Done {
  std::int64_t end = 0, latency = 0;  // microseconds
};

class Connection {
 public:
  Connection(std::uint16_t port, int poll) : poll_(poll) {
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0)
      fail("cannot connect");
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    fcntl(socket_, F_SETFL, fcntl(socket_, F_GETFL) | O_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = this;
    if (epoll_ctl(poll_, EPOLL_CTL_ADD, socket_, &event) != 0) fail("cannot poll");
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { close(socket_); }

  std::string head;
  std::string_view body;

  // Begins to send head and body.
  void begin() {
    begun_ = now_us();
    sent_ = 0;
    answer_.clear();
    write_on();
  }

  void write_on() {
    const std::size_t size = head.size() + body.size();
    while (sent_ < size) {
      const std::size_t of_head = std::min(sent_, head.size()), of_body = sent_ - of_head;
      iovec parts[2] = {{head.data() + of_head, head.size() - of_head},
                        {const_cast<char*>(body.data()) + of_body, body.size() - of_body}};
      const ssize_t count = writev(socket_, parts, 2);
      if (count < 0 && errno == EAGAIN) break;
      if (count < 0) fail("cannot send");
      sent_ += static_cast<std::size_t>(count);
    }
    watch(sent_ < size ? EPOLLIN | EPOLLOUT : EPOLLIN);
  }

  // Reads what is there; the status when the answer is whole, else 0.
  int read_on() {
    char bytes[16384];
    const ssize_t count = read(socket_, bytes, sizeof(bytes));
    if (count < 0 && errno == EAGAIN) return 0;
    if (count <= 0) fail("the server closed a connection");
    answer_.append(bytes, static_cast<std::size_t>(count));
    const std::size_t end = answer_.find("\r\n\r\n");
    if (end == std::string::npos || answer_.size() < end + 4 + length_of_body(end)) return 0;
    return std::atoi(answer_.c_str() + 9);
  }

  std::int64_t begun() const { return begun_; }
  const std::string& answer() const { return answer_; }

 private:
  std::size_t length_of_body(std::size_t end) const {
    static constexpr std::string_view kName = "\r\ncontent-length:";
    const auto same = [](char a, char b) { return std::tolower(a) == b; };
    const auto last = answer_.begin() + static_cast<std::ptrdiff_t>(end);
    const auto at = std::search(answer_.begin(), last, kName.begin(), kName.end(), same);
    return at == last ? 0 : std::strtoull(&*at + kName.size(), nullptr, 10);
  }

  void watch(std::uint32_t events) {
    if (events == watched_) return;
    watched_ = events;
    epoll_event event{};
    event.events = events;
    event.data.ptr = this;
    epoll_ctl(poll_, EPOLL_CTL_MOD, socket_, &event);
  }

  const int poll_;
  int socket_ = -1;
  std::uint32_t watched_ = EPOLLIN;
  std::size_t sent_ = 0;
  std::int64_t begun_ = 0;
  std::string answer_;
};

class Load {
 public:
  explicit Load(const Words& words)
      : words_(words), requests_(words), poll_(epoll_create1(EPOLL_CLOEXEC)) {}

  void run() {
    for (int i = 0; i < words_.connections; ++i)
      connections_.push_back(std::make_unique<Connection>(words_.port, poll_));
    begun_ = now_us();
    for (const auto& connection : connections_) send_next(*connection);
    while (under_way_ > 0) {
      epoll_event events[64];
      const int count = epoll_wait(poll_, events, 64, 60'000);
      if (count == 0) fail("no answer for a minute");
      for (int i = 0; i < count; ++i) {
        auto& connection = *static_cast<Connection*>(events[i].data.ptr);
        if (events[i].events & EPOLLOUT) connection.write_on();
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) take_answer(connection);
      }
    }
  }

  void print() {
    const double all = seconds(begun_, done_.back().end);
    const std::size_t tenth = std::max<std::size_t>(done_.size() / 10, 1);
    const double first = seconds(begun_, done_[tenth - 1].end);
    const double last =
        seconds(done_[done_.size() - 1 - std::min(tenth, done_.size() - 1)].end, done_.back().end);
    std::vector<std::int64_t> latencies;
    for (const Done& one : done_) latencies.push_back(one.latency);
    std::sort(latencies.begin(), latencies.end());
    const auto at = [&](double part) {
      const auto index = static_cast<std::size_t>(part * static_cast<double>(latencies.size() - 1));
      return static_cast<double>(latencies[index]) / 1000;
    };
    std::printf(R"({"requests":%zu,"lines":%lu,"refused":%zu,"seconds":%.6f,"first_tenth":%.6f,)"
                R"("last_tenth":%.6f,"p50_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f})"
                "\n",
                done_.size(), requests_.sent_lines(), refused_, all, first, last, at(0.5), at(0.99),
                at(1));
  }

  void write_trace() const {
    if (words_.trace.empty()) return;
    std::FILE* file = std::fopen(words_.trace.c_str(), "w");
    if (file == nullptr) fail(words_.trace);
    for (const Done& one : done_) std::fprintf(file, "%ld %ld\n", one.end, one.latency);
    std::fclose(file);
  }

 private:
  static double seconds(std::int64_t from, std::int64_t to) {
    return static_cast<double>(to - from) / 1e6;
  }

  void send_next(Connection& connection) {
    const bool is_over = words_.seconds > 0 && seconds(begun_, now_us()) >= words_.seconds;
    if (is_over || !requests_.next(connection.head, connection.body)) return;
    ++under_way_;
    connection.begin();
  }

  void take_answer(Connection& connection) {
    const int status = connection.read_on();
    if (status == 0) return;
    if (status / 100 != 2 && refused_++ == 0)
      std::fprintf(stderr, "%s\n", connection.answer().c_str());
    const std::int64_t now = now_us();
    done_.push_back({now, now - connection.begun()});
    --under_way_;
    send_next(connection);
  }

  const Words& words_;
  Requests requests_;
  const int poll_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::int64_t begun_ = 0;
  int under_way_ = 0;
  std::size_t refused_ = 0;
  std::vector<Done> done_;
};

Words read_words(int count, char** texts) {
  static constexpr option kOptions[] = {
      {"port", 1, nullptr, 'p'}, {"method", 1, nullptr, 'm'},      {"path", 1, nullptr, 'a'},
      {"type", 1, nullptr, 't'}, {"connections", 1, nullptr, 'c'}, {"lines", 1, nullptr, 'l'},
      {"file", 1, nullptr, 'f'}, {"seconds", 1, nullptr, 's'},     {"trace", 1, nullptr, 'r'},
      {nullptr, 0, nullptr, 0}};
  Words words;
  for (int name = 0; (name = getopt_long(count, texts, "", kOptions, nullptr)) != -1;) {
    switch (name) {
      case 'p':
        words.port = static_cast<std::uint16_t>(std::atoi(optarg));
        break;
      case 'm':
        words.method = optarg;
        break;
      case 'a':
        words.path = optarg;
        break;
      case 't':
        words.type = optarg;
        break;
      case 'c':
        words.connections = std::atoi(optarg);
        break;
      case 'l':
        words.lines = std::atoi(optarg);
        break;
      case 'f':
        words.file = optarg;
        break;
      case 's':
        words.seconds = std::atof(optarg);
        break;
      case 'r':
        words.trace = optarg;
        break;
      default:
        std::exit(2);
    }
  }
  return words;
}

}  // namespace
}  // namespace daybook::bench

int main(int count, char** texts) {
  const daybook::bench::Words words = daybook::bench::read_words(count, texts);
  daybook::bench::Load load(words);
  load.run();
  load.print();
  load.write_trace();
}
