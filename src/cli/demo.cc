// DIRECTORY/demo.txt, a line each, '#' begins a comment:
//
//   ingest APP/COLLECTION FILE [OPTIONS]     as `daybook ingest`, FILE inside the directory
//   ask QUESTION TARGET                      the words before the target are the question
#include "cli/demo.h"

#include <fstream>

#include "base/text.h"
#include "cli/command.h"
#include "cli/connection.h"
#include "cli/temporary_directory.h"
#include "cli/verify.h"

namespace daybook::cli {

namespace {

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  for (const std::string_view word : split(line, ' ')) {
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

Result<void> take_in(std::vector<std::string> words, const std::string& directory,
                     const std::string& url, Terminal& terminal) {
  if (words.size() < 3) return Error(Code::kInvalid, "expected ingest APP/COLLECTION FILE");
  words[2] = directory + "/" + words[2];
  words.insert(words.end(), {"--server", url});
  const auto no_environment = [](const std::string&) { return std::optional<std::string>(); };
  if (run(words, terminal, no_environment) != 0) {
    return Error(Code::kInvalid, "cannot take in " + words[2]);
  }
  return {};
}

Result<void> ask(const std::vector<std::string>& words, Connection& connection,
                 const std::string& url, Terminal& terminal) {
  if (words.size() < 3) return Error(Code::kInvalid, "expected ask QUESTION TARGET");
  std::string question = words[1];
  for (std::size_t i = 2; i + 1 < words.size(); ++i) question += " " + words[i];
  DAYBOOK_ASSIGN(const std::string answer, connection.get(words.back()));
  terminal.print(terminal.bold("# " + question) + "\ncurl '" + url + words.back() + "'\n" + answer +
                 "\n\n");
  return {};
}

Result<void> obey(const std::string& line, const std::string& directory, Connection& connection,
                  const RunningServer& server, Terminal& terminal) {
  const std::vector<std::string> words = words_of(line);
  if (words.empty() || words[0].starts_with("#")) return {};
  if (words[0] == "ingest") return take_in(words, directory, server.local_url(), terminal);
  if (words[0] == "ask") return ask(words, connection, server.url(), terminal);
  return Error(Code::kInvalid, "expected ingest or ask, not '" + words[0] + "'");
}

struct Words {
  std::string verb;
  std::string examples = "examples";
  bool once = false;
};

// Once: on any free port, so that it runs beside a server.
Settings settings_of(const Session& session, const Words& words, const std::string& directory) {
  Settings settings = session.settings;
  if (!directory.empty()) settings = settings.with(SettingId::kData, directory);
  if (words.once && settings.is_default(SettingId::kListen)) {
    settings = settings.with(SettingId::kListen, "127.0.0.1:0");
  }
  return settings;
}

Result<void> verify_server(Session& session) {
  DAYBOOK_ASSIGN(auto connection, Connection::open(session.settings));
  return verify(connection, session.terminal);
}

Result<void> demo(Session& session, const Words& words) {
  if (words.verb == "verify") return verify_server(session);
  if (!words.verb.empty()) {
    return Error(Code::kInvalid, "'" + words.verb + "' is not verify, the only word there is");
  }
  std::unique_ptr<TemporaryDirectory> temporary;
  if (session.settings.is_default(SettingId::kData)) {
    DAYBOOK_ASSIGN(temporary, TemporaryDirectory::make());
  }
  const Settings settings = settings_of(session, words, temporary ? temporary->path() : "");
  // What is asked meanwhile does not belong to the recordings.
  DAYBOOK_ASSIGN(const auto server,
                 RunningServer::start(settings, session.terminal, RunningServer::Recorder::kOff));
  session.terminal.say("listening on " + server->url());
  DAYBOOK_TRY(show_examples(*server, words.examples, session.terminal));
  if (!words.once) {
    session.terminal.say("Daybook is at " + server->url() + "; Ctrl-C ends it" +
                         (temporary ? " and removes what it took in" : ""));
    server->wait(settings);
  }
  server->stop();
  return {};
}

}  // namespace

Result<void> show_examples(const RunningServer& server, const std::string& directory,
                           Terminal& terminal) {
  const std::string path = directory + "/demo.txt";
  std::ifstream in(path);
  if (!in) {
    return Error(Code::kNotFound, "cannot read " + path +
                                      "; --examples names the directory of the "
                                      "example recordings");
  }
  DAYBOOK_ASSIGN(Connection connection, Connection::to_server(server.local_url(), ""));
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (auto done = obey(line, directory, connection, server, terminal); !done) {
      return std::move(done).error().with_context(path + " line " + std::to_string(number));
    }
  }
  return {};
}

Run declare_demo(Options& options) {
  auto words = std::make_shared<Words>();
  options.maybe("verify", words->verb,
                "instead: send test rows to a server, read them back through its routes, and say "
                "what went wrong");
  options.option("--examples", "DIR", words->examples, "where the recordings are (examples)");
  options.flag("--once", words->once, "print the answers and end");
  return [words](Session& session) { return demo(session, *words); };
}

}  // namespace daybook::cli
