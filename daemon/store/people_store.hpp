/// Users, their sessions and their tokens. Secrets are here only as hashes, or sealed.
#pragma once

#include "daemon/async/awaitable.hpp"
#include "daemon/model/error.hpp"
#include "daemon/model/user.hpp"

#include <string>
#include <vector>

namespace kith {

class people_store {
 public:
    virtual ~people_store() = default;

    virtual awaitable<result<std::vector<user>>> users() = 0;
    /// `conflict` if there is such a login already.
    virtual awaitable<result<user>> add_user(user u, std::string by) = 0;
    /// `conflict` if `version` is no longer the newest, or if no admin who can sign in would be left.
    /// Disabling ends the user's sessions, and the link to a provider.
    virtual awaitable<result<user>> change_user(std::int64_t id, std::int64_t version, user_change c,
                                                std::string by) = 0;

    /// A link with which the user sets a password: once, until `until`. An earlier link is void, and so are
    /// the password, the second factor, the link to a provider, the sessions and the tokens.
    virtual awaitable<result<user>> invite(std::int64_t id, std::string hash, timestamp until,
                                           std::string by) = 0;
    /// Whom the link with this hash invites; `not_found`: nobody, or no longer.
    virtual awaitable<result<std::int64_t>> invited(std::string hash) = 0;
    /// Uses the link up: the password, and the name unless it is empty. Whatever was signed in by then ends.
    virtual awaitable<result<user>> accept_invitation(std::string hash, std::string name,
                                                      std::string password) = 0;
    /// Ends all of the user's sessions but `keep`, and their tokens. `refused` if the password is no longer
    /// `old`, a hash.
    virtual awaitable<result<user>> set_password(std::int64_t id, std::string old, std::string password,
                                                 std::int64_t keep) = 0;
    /// Another second factor, with its recovery codes instead of the old. Ends all sessions but `keep`, and
    /// the tokens.
    virtual awaitable<result<user>> set_second_factor(std::int64_t id, std::string sealed, std::int64_t step,
                                                      std::vector<std::string> recovery_hashes,
                                                      std::int64_t keep) = 0;
    /// `refused` if a code of this step, or of a later one, was taken before.
    virtual awaitable<result<user>> take_step(std::int64_t id, std::int64_t step) = 0;
    /// `refused` if the user has no such code, or used it before.
    virtual awaitable<result<user>> take_recovery_code(std::int64_t id, std::string hash) = 0;

    /// From now on an OpenID provider may speak for the user. `refused` unless `session` is theirs and still
    /// there: a reset that is under way ends it, and must not be outlived. `conflict` if the user is linked
    /// already, or the subject is somebody else's.
    virtual awaitable<result<user>> link(std::int64_t id, std::int64_t session, std::string issuer,
                                         std::string subject, std::string by) = 0;
    /// No more; ends all sessions but `keep`. `conflict` if there is no link.
    virtual awaitable<result<user>> unlink(std::int64_t id, std::int64_t keep, std::string by) = 0;

    /// Those that have not ended.
    virtual awaitable<result<std::vector<user_session>>> sessions() = 0;
    /// In the place of `instead` (0: none), which ends.
    /// `refused` if that has ended already: nothing that was under way outlives a reset.
    virtual awaitable<result<user_session>> begin_session(user_session s, std::int64_t instead) = 0;
    virtual awaitable<result<>> end_session(std::int64_t id) = 0;
    /// Those that began before `began` or were last used before `used` are over.
    virtual awaitable<result<>> forget_sessions(timestamp began, timestamp used) = 0;

    virtual awaitable<result<std::vector<user_token>>> tokens() = 0;
    virtual awaitable<result<user_token>> add_token(user_token t, std::string by) = 0;
    virtual awaitable<result<>> remove_token(std::int64_t id, std::string by) = 0;

    virtual awaitable<result<>> note_used(std::vector<last_used> sessions, std::vector<last_used> tokens) = 0;
};

}  // namespace kith
