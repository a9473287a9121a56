-- GET of random employees by id. The requests are made beforehand: what is measured is the server, not the client.
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
