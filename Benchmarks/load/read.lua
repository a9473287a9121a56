-- GET of random employees by id.
package.path = os.getenv("BENCH_LOAD") .. "/?.lua;" .. package.path
local common = require("common")
setup = common.setup

function init(args)
    common.seed(thread_number)
    ids = common.ids()
    headers = common.headers()
end

function request()
    return wrk.format("GET", "/api/v1/employee/" .. ids[math.random(#ids)], headers)
end
