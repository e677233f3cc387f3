/// A chat on the company's own site, served by the daemon itself: no account anywhere is needed.
/// Its transcript is the account's journal: a visitor's message is in it before the visitor is told so, and `run` reads
/// it from there, so that a crash between the two loses nothing.
#pragma once

#include "platforms/platform.hpp"

namespace kith::webchat {

std::unique_ptr<platform> make(yaml::map_reader& options, const platform_context* context);

}  // namespace kith::webchat
