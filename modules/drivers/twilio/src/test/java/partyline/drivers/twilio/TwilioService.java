package partyline.drivers.twilio;

import java.util.HashMap;
import java.util.Map;
import partyline.drivers.contract.FakeService;
import partyline.drivers.contract.Rig;
import partyline.fakes.twilio.FakeTwilio;
import partyline.transport.Driver;

/// The fake Twilio together with its driver.
class TwilioService extends FakeTwilio implements FakeService {

    private final Map<String, String> more;

    TwilioService(Map<String, String> more) {
        super("+12025550101");
        this.more = more;
    }

    /// Polls often.
    static TwilioService quick() {
        return new TwilioService(Map.of("poll", "20ms"));
    }

    /// Polls once alone, at the start: what comes came over the hooks.
    static TwilioService hooked() {
        return new TwilioService(Map.of("poll", "60m"));
    }

    @Override
    public Driver driver(Rig.Program program) {
        runOn(program.around().clock());
        Map<String, String> options = new HashMap<>(more);
        options.put("url", url());
        options.put("account_sid", ACCOUNT);
        options.put("auth_token", AUTH_TOKEN);
        return TwilioDriver.KIND.make().apply(program.setup(options));
    }
}
