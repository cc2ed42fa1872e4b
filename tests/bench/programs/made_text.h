// What the programs that make the bench's rows share: numbers that are the same in every run,
// instants as text, and files written in large pieces. One thread.
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

namespace daybook::bench {

// splitmix64: a fixed sequence from a seed.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  // Log-normal around a median; two in three within that factor.
  double around(double median, double factor) {
    const double sum = unit() + unit() + unit() + unit() - 2;  // nearly normal, deviation 0.577
    return median * std::exp(sum / 0.577 * std::log(factor));
  }

 private:
  std::uint64_t state_;
};

// A file that grows; ends the program when the disk refuses.
class OutFile {
 public:
  explicit OutFile(const char* path) : file_(std::fopen(path, "wb")) {
    if (file_ == nullptr) fail();
    std::setvbuf(file_, nullptr, _IONBF, 0);
    buffer_.reserve(kPiece + 4096);
  }
  OutFile(const OutFile&) = delete;
  OutFile& operator=(const OutFile&) = delete;
  ~OutFile() {
    flush();
    if (std::fclose(file_) != 0) fail();
  }

  OutFile& operator<<(std::string_view text) {
    buffer_ += text;
    return *this;
  }
  OutFile& operator<<(char letter) {
    buffer_ += letter;
    return *this;
  }
  OutFile& operator<<(std::uint64_t number) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    buffer_.append(digits.data(), end);
    return *this;
  }
  void end_line() {
    buffer_ += '\n';
    if (buffer_.size() >= kPiece) flush();
  }

 private:
  static constexpr std::size_t kPiece = std::size_t{4} << 20;

  [[noreturn]] static void fail() {
    std::perror("cannot write the rows of the bench");
    std::exit(1);
  }
  void flush() {
    if (std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size()) fail();
    buffer_.clear();
  }

  std::FILE* file_;
  std::string buffer_;
};

// The decimal digits of a number at a width, zeros in front.
inline void put_digits(char* at, int width, std::uint64_t number) {
  for (int i = width - 1; i >= 0; --i, number /= 10) at[i] = static_cast<char>('0' + number % 10);
}

// 2026-10-22T00:00:00.123456Z of microseconds since 1970; valid until the next call.
class InstantText {
 public:
  std::string_view of(std::uint64_t microseconds) {
    const auto second = static_cast<std::time_t>(microseconds / 1'000'000);
    if (second != second_) {
      second_ = second;
      std::tm parts{};
      gmtime_r(&second, &parts);
      std::strftime(text_.data(), text_.size(), "%Y-%m-%dT%H:%M:%S.000000Z", &parts);
    }
    put_digits(text_.data() + 20, 6, microseconds % 1'000'000);
    return {text_.data(), 27};
  }

 private:
  std::time_t second_ = -1;
  std::array<char, 32> text_{};
};

// A UUID of version 7 of an instant, as databases without such ids are given it.
inline std::string uuid_of(std::uint64_t microseconds, Numbers& numbers) {
  const std::uint64_t high = (microseconds / 1000) << 16 | 0x7000u | (numbers.next() & 0xFFFu);
  const std::uint64_t low = (numbers.next() & 0x3FFFFFFFFFFFFFFFu) | 0x8000000000000000u;
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%08lx-%04lx-%04lx-%04lx-%012lx", high >> 32,
                high >> 16 & 0xFFFFu, high & 0xFFFFu, low >> 48, low & 0xFFFFFFFFFFFFu);
  return text.data();
}

}  // namespace daybook::bench
