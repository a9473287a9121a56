-- GET of random employees by id. The requests are built beforehand, so that the server is measured and not the client.
package.path = os.getenv("BENCH_LOAD") .. "/?.lua;" .. package.path
local common = require("common")
setup = common.setup

function init(args)
    common.seed(thread_number)
    requests = {}
    for i, id in ipairs(common.ids()) do
        requests[i] = wrk.format("GET", "/api/v1/employee/" .. id, common.headers())
    end
end

function request()
    return requests[math.random(#requests)]
end
