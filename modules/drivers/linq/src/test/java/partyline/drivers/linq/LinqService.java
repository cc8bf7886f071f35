package partyline.drivers.linq;

import java.util.HashMap;
import java.util.Map;
import partyline.drivers.contract.FakeService;
import partyline.drivers.contract.Rig;
import partyline.fakes.linq.FakeLinq;
import partyline.transport.Driver;

/// The fake Linq together with its driver.
class LinqService extends FakeLinq implements FakeService {

    private final Map<String, String> more;

    LinqService(Map<String, String> more) {
        super("+12025550101");
        this.more = more;
    }

    /// Polls often, and knows Ann.
    static LinqService quick() {
        LinqService service = new LinqService(Map.of("poll", "20ms"));
        service.met();
        return service;
    }

    /// Polls once alone, at the start: what comes came over the hooks.
    static LinqService hooked() {
        return new LinqService(Map.of("poll", "60m"));
    }

    @Override
    public Driver driver(Rig.Program program) {
        runOn(program.around().clock());
        Map<String, String> options = new HashMap<>(more);
        options.put("url", url());
        options.putIfAbsent("api_key", API_KEY);
        return LinqDriver.KIND.make().apply(program.setup(options));
    }
}
