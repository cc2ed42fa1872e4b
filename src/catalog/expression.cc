#include "catalog/expression.h"

#include <algorithm>

#include "base/bug.h"
#include "base/json.h"

namespace daybook {

namespace {

std::string_view sign(Comparison comparison) {
  switch (comparison) {
    case Comparison::kEqual:
      return "=";
    case Comparison::kNotEqual:
      return "!=";
    case Comparison::kLess:
      return "<";
    case Comparison::kLessEqual:
      return "<=";
    case Comparison::kGreater:
      return ">";
    case Comparison::kGreaterEqual:
      return ">=";
  }
  bug("a comparison without a sign");
}

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\'':
      case '\\':
        out += '\\';
        [[fallthrough]];
      default:
        out += c;
    }
  }
  return out + "'";
}

// Floats keep a '.' or an exponent, so that they read back as floats.
std::string format_float(double number) {
  std::string out;
  json::Writer(out).value(number);
  if (out.find_first_of(".eE") == std::string::npos) out += ".0";
  return out;
}

std::string format_literal(const Value& value) {
  if (const auto* text = value.get_if<std::string>()) return quoted(*text);
  if (const auto* number = value.get_if<double>()) return format_float(*number);
  return debug_text(value);
}

// AND binds closer than OR, and both closer than what stands in brackets: no more brackets than the
// grammar needs, so that what was read within the depth limit is read again within it.
bool needs_brackets(const Expression& inner, Expression::Kind outer) {
  using Kind = Expression::Kind;
  if (inner.kind == Kind::kOr) return true;
  return inner.kind == Kind::kAnd && outer != Kind::kOr;
}

std::string format_inside(const Expression& inner, Expression::Kind outer) {
  const std::string text = format_expression(inner);
  return needs_brackets(inner, outer) ? "(" + text + ")" : text;
}

std::string format_joined(const Expression& expression, std::string_view between) {
  std::string out;
  for (const Expression& arg : expression.args) {
    if (!out.empty()) out += between;
    out += format_inside(arg, expression.kind);
  }
  return out;
}

std::string format_call(const Expression& expression) {
  std::string out = expression.name + "(";
  if (!expression.args.empty()) out += format_expression(expression.args.front());
  return out + ")";
}

std::string format_in(const Expression& expression) {
  std::string out = format_expression(expression.args.front()) + " in [";
  for (std::size_t i = 1; i < expression.args.size(); ++i) {
    if (i > 1) out += ", ";
    out += format_expression(expression.args[i]);
  }
  return out + "]";
}

std::string format_pair(const Expression& expression, std::string_view between) {
  return format_expression(expression.args[0]) + " " + std::string(between) + " " +
         format_expression(expression.args[1]);
}

}  // namespace

bool names_parameter(const Expression& expression, std::string_view name) {
  if (expression.kind == Expression::Kind::kParameter) return expression.name == name;
  return std::any_of(expression.args.begin(), expression.args.end(),
                     [&](const Expression& arg) { return names_parameter(arg, name); });
}

std::string describe(const Origin& origin) {
  std::string out = origin.file;
  if (origin.line > 0) out += ":" + std::to_string(origin.line);
  if (origin.key.empty()) return out;
  return out.empty() ? origin.key : out + ": " + origin.key;
}

std::string format_expression(const Expression& expression) {
  using Kind = Expression::Kind;
  switch (expression.kind) {
    case Kind::kLiteral:
      return format_literal(expression.literal);
    case Kind::kDuration:
      return format_duration(Duration(expression.literal.get<std::int64_t>()));
    case Kind::kField:
      return expression.name;
    case Kind::kParameter:
      return ":" + expression.name + (expression.optional ? "?" : "");
    case Kind::kCompare:
      return format_pair(expression, sign(expression.comparison));
    case Kind::kIn:
      return format_in(expression);
    case Kind::kHas:
      return format_pair(expression, ":");
    case Kind::kAnd:
      return format_joined(expression, " AND ");
    case Kind::kOr:
      return format_joined(expression, " OR ");
    case Kind::kNot:
      return "NOT " + format_inside(expression.args.front(), expression.kind);
    case Kind::kCall:
      return format_call(expression);
  }
  bug("an expression of no kind");
}

}  // namespace daybook
