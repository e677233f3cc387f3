#include "daemon/model/error.hpp"

namespace kith {

std::string_view to_string(errc kind) noexcept {
    switch (kind) {
        case errc::transient:
            return "transient";
        case errc::limited:
            return "limited";
        case errc::unauthorised:
            return "unauthorised";
        case errc::refused:
            return "refused";
        case errc::unknown:
            return "unknown";
        case errc::not_found:
            return "not_found";
        case errc::conflict:
            return "conflict";
        case errc::invalid:
            return "invalid";
        case errc::canceled:
            return "canceled";
        case errc::outdated:
            return "outdated";
        case errc::unversioned:
            return "unversioned";
    }
    return "unknown";
}

}  // namespace kith
