// The grammar, by recursive descent. Keywords are read without case; names may hold '-' after their
// first character, since the language has no arithmetic.
//
//   or      = and { OR and }              and  = not { AND not }         not = NOT not | test
//   test    = value [ sign value | IN '[' value { ',' value } ']' ]  |  '(' or ')'
//   sign    = '=' | '!=' | '<' | '<=' | '>' | '>=' | ':'
//   value   = text | number | duration | instant | date | true | false | null
//           | ':' name [ '?' ] | name '(' [ or ] ')' | name
#include <algorithm>
#include <array>

#include "base/text.h"
#include "catalog/expression.h"
#include "catalog/expression_literal.h"

namespace daybook {

namespace {

constexpr std::array<std::string_view, 13> kFunctions = {"count", "rate",  "sum",     "avg", "min",
                                                         "max",   "first", "last",    "p50", "p90",
                                                         "p95",   "p99",   "distinct"};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_condition(const Expression& e) {
  using Kind = Expression::Kind;
  return e.kind == Kind::kCompare || e.kind == Kind::kIn || e.kind == Kind::kHas ||
         e.kind == Kind::kAnd || e.kind == Kind::kOr || e.kind == Kind::kNot;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Expression> run() {
    DAYBOOK_ASSIGN(Expression e, parse_or(0));
    skip_blanks();
    if (at_ < text_.size()) return expected("AND, OR or the end");
    return e;
  }

 private:
  Error wrong(std::size_t at, const std::string& what) const {
    // Characters, not bytes: continuation bytes of UTF-8 do not count.
    const auto before = text_.substr(0, at);
    const auto characters = std::count_if(before.begin(), before.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    });
    return {Code::kInvalid, "at character " + std::to_string(characters + 1) + ": " + what};
  }

  Error expected(std::string_view what) const {
    return wrong(at_,
                 "expected " + std::string(what) + (last_.empty() ? "" : " after '" + last_ + "'"));
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  // Takes the mark when it comes next.
  bool take(std::string_view mark) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(mark)) return false;
    at_ += mark.size();
    last_ = mark;
    return true;
  }

  std::size_t name_end(std::size_t from) const {
    std::size_t end = from;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]) ||
                                  text_[end] == '.' || (end > from && text_[end] == '-'))) {
      ++end;
    }
    return end;
  }

  std::string_view peek_word() {
    skip_blanks();
    if (!is_letter(peek())) return {};
    return text_.substr(at_, name_end(at_) - at_);
  }

  bool take_keyword(std::string_view keyword) {
    const std::string_view word = peek_word();
    if (word.size() != keyword.size() || ascii_lower(word) != keyword) return false;
    at_ += word.size();
    last_ = word;
    return true;
  }

  using Level = Result<Expression> (Parser::*)(std::size_t depth);

  Result<Expression> parse_joined(std::size_t depth, std::string_view keyword,
                                  Expression::Kind kind, Level next) {
    DAYBOOK_ASSIGN(Expression first, (this->*next)(depth));
    if (!take_keyword(keyword)) return first;
    Expression joined;
    joined.kind = kind;
    joined.args.push_back(std::move(first));
    do {
      DAYBOOK_ASSIGN(Expression more, (this->*next)(depth));
      joined.args.push_back(std::move(more));
    } while (take_keyword(keyword));
    return joined;
  }

  Result<Expression> parse_or(std::size_t depth) {
    if (depth > kMaxExpressionDepth) {
      return wrong(at_, "nested deeper than " + std::to_string(kMaxExpressionDepth));
    }
    return parse_joined(depth, "or", Expression::Kind::kOr, &Parser::parse_and);
  }

  Result<Expression> parse_and(std::size_t depth) {
    return parse_joined(depth, "and", Expression::Kind::kAnd, &Parser::parse_not);
  }

  Result<Expression> parse_not(std::size_t depth) {
    if (!take_keyword("not")) return parse_test(depth);
    if (depth >= kMaxExpressionDepth) {
      return wrong(at_, "nested deeper than " + std::to_string(kMaxExpressionDepth));
    }
    DAYBOOK_ASSIGN(Expression inner, parse_not(depth + 1));
    Expression e;
    e.kind = Expression::Kind::kNot;
    e.args.push_back(std::move(inner));
    return e;
  }

  Result<Expression> parse_test(std::size_t depth) {
    if (take("(")) return parse_bracketed(depth);
    DAYBOOK_ASSIGN(Expression left, parse_value(depth));
    return parse_comparison(std::move(left), depth);
  }

  Result<Expression> parse_bracketed(std::size_t depth) {
    DAYBOOK_ASSIGN(Expression inner, parse_or(depth + 1));
    if (!take(")")) return expected("')'");
    if (!is_condition(inner)) return parse_comparison(std::move(inner), depth);
    return inner;
  }

  Result<Expression> parse_comparison(Expression left, std::size_t depth) {
    if (take_keyword("in")) return parse_in(std::move(left), depth);
    constexpr std::array<std::pair<std::string_view, Comparison>, 6> kSigns = {{
        {"!=", Comparison::kNotEqual},
        {"<=", Comparison::kLessEqual},
        {">=", Comparison::kGreaterEqual},
        {"=", Comparison::kEqual},
        {"<", Comparison::kLess},
        {">", Comparison::kGreater},
    }};
    Expression e;
    const auto* found = std::find_if(kSigns.begin(), kSigns.end(),
                                     [&](const auto& sign) { return take(sign.first); });
    if (found != kSigns.end()) {
      e.kind = Expression::Kind::kCompare;
      e.comparison = found->second;
    } else if (take(":")) {
      e.kind = Expression::Kind::kHas;
    } else {
      return left;
    }
    DAYBOOK_ASSIGN(Expression right, parse_value(depth));
    e.args.push_back(std::move(left));
    e.args.push_back(std::move(right));
    return e;
  }

  Result<Expression> parse_in(Expression left, std::size_t depth) {
    Expression e;
    e.kind = Expression::Kind::kIn;
    e.args.push_back(std::move(left));
    if (!take("[")) return expected("'['");
    do {
      DAYBOOK_ASSIGN(Expression member, parse_value(depth));
      e.args.push_back(std::move(member));
    } while (take(","));
    if (!take("]")) return expected("',' or ']'");
    return e;
  }

  Result<Expression> parse_value(std::size_t depth) {
    skip_blanks();
    const char c = peek();
    if (c == '\'' || c == '"') return parse_text(c);
    if (is_digit(c) || (c == '-' && is_digit(peek(1)))) return parse_digits();
    if (c == ':') return parse_parameter();
    if (is_letter(c)) return parse_word(depth);
    return expected("a value");
  }

  Result<Expression> parse_text(char quote) {
    std::string out;
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] == quote) {
        last_ = text_.substr(at_, i + 1 - at_);
        at_ = i + 1;
        return literal(Value(std::move(out)));
      }
      if (text_[i] != '\\') {
        out += text_[i];
        continue;
      }
      DAYBOOK_ASSIGN(const char escaped, unescape(++i));
      out += escaped;
    }
    return wrong(at_, std::string("the text is not closed; expected ") + quote);
  }

  Result<char> unescape(std::size_t at) const {
    const char c = at < text_.size() ? text_[at] : '\0';
    switch (c) {
      case '\'':
      case '"':
      case '\\':
        return c;
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      default:
        return wrong(at, "expected one of ' \" \\ n r t after '\\'");
    }
  }

  Result<Expression> parse_parameter() {
    const std::size_t from = at_ + 1;
    if (from >= text_.size() || !is_letter(text_[from])) {
      ++at_;
      last_ = ":";
      return expected("the name of a parameter");
    }
    Expression e;
    e.kind = Expression::Kind::kParameter;
    DAYBOOK_ASSIGN(e.name, take_name(from));
    e.optional = peek() == '?';
    if (e.optional) ++at_;
    return e;
  }

  Result<std::string> take_name(std::size_t from) {
    const std::size_t end = name_end(from);
    const std::string_view name = text_.substr(from, end - from);
    if (name.back() == '.' || name.find("..") != name.npos) {
      return wrong(from, "'" + std::string(name) + "' is not a name");
    }
    at_ = end;
    last_ = name;
    return std::string(name);
  }

  Result<Expression> parse_word(std::size_t depth) {
    if (take_keyword("true")) return literal(Value(true));
    if (take_keyword("false")) return literal(Value(false));
    if (take_keyword("null")) return literal(Value());
    const std::string keyword = ascii_lower(peek_word());
    if (keyword == "and" || keyword == "or" || keyword == "not" || keyword == "in") {
      return expected("a value");
    }
    const std::size_t from = at_;
    Expression e;
    e.kind = Expression::Kind::kField;
    DAYBOOK_ASSIGN(e.name, take_name(from));
    if (!take("(")) return e;
    return parse_call(std::move(e.name), from, depth);
  }

  Result<Expression> parse_call(std::string name, std::size_t from, std::size_t depth) {
    if (std::find(kFunctions.begin(), kFunctions.end(), name) == kFunctions.end()) {
      const std::vector<std::string> names(kFunctions.begin(), kFunctions.end());
      const auto near = nearest(name, names);
      return wrong(from, "there is no function '" + name + "'; " +
                             (near ? "did you mean '" + *near + "'?"
                                   : "expected one of " + join(names, ", ")));
    }
    Expression e;
    e.kind = Expression::Kind::kCall;
    e.name = std::move(name);
    if (take(")")) return e;
    DAYBOOK_ASSIGN(Expression arg, parse_or(depth + 1));
    e.args.push_back(std::move(arg));
    if (!take(")")) return expected("')'");
    return e;
  }

  // A date, an instant, a duration or a number: whatever begins with a digit.
  Result<Expression> parse_digits() {
    const std::string_view token = literal_token(text_.substr(at_));
    Result<Expression> value = parse_literal(token);
    if (!value.ok()) return wrong(at_, value.error().message());
    at_ += token.size();
    last_ = token;
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string last_;  // what was read last, for messages
};

}  // namespace

Result<Expression> parse_expression(std::string_view text) {
  if (text.size() > kMaxExpressionBytes) {
    return Error(Code::kInvalid,
                 "an expression holds at most " + std::to_string(kMaxExpressionBytes) + " bytes");
  }
  if (const std::size_t bad = find_invalid_utf8(text); bad != text.npos) {
    return Error(Code::kInvalid, "at byte " + std::to_string(bad + 1) + ": not valid UTF-8");
  }
  if (text.find('\0') != text.npos)
    return Error(Code::kInvalid, "an expression must not contain NUL");
  return Parser(text).run();
}

}  // namespace daybook
