#include "cli/command.h"
#include "cli/demo.h"
#include "cli/server.h"

namespace daybook::cli {

namespace {

struct Words {
  bool demo = false;
  std::string examples = "examples";
};

Result<void> serve(Session& session, const Words& words) {
  const auto recorder = words.demo ? RunningServer::Recorder::kOff : RunningServer::Recorder::kOn;
  DAYBOOK_ASSIGN(const auto server,
                 RunningServer::start(session.settings, session.terminal, recorder));
  session.terminal.say("listening on " + server->url());
  if (words.demo) DAYBOOK_TRY(show_examples(*server, words.examples, session.terminal));
  server->wait(session.settings);
  session.terminal.say("stopping; a second signal ends at once");
  server->stop();
  return {};
}

}  // namespace

Run declare_serve(Options& options) {
  auto words = std::make_shared<Words>();
  options.flag("--demo", words->demo,
               "take in the example recordings first, and record no requests");
  options.option("--examples", "DIR", words->examples, "where they are (examples)");
  return [words](Session& session) { return serve(session, *words); };
}

}  // namespace daybook::cli
