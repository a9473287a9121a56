-- The smallest possible request: what the HTTP server alone costs. As in read.lua the request is built beforehand.
function init(args)
    healthz = wrk.format("GET", "/healthz")
end

function request()
    return healthz
end
