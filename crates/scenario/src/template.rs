//! A first scenario for `kneadsim new`: valid, commented, and worth changing.

use crate::render::quoted;

/// The text of a new scenario with this name.
pub fn template(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let name = if name.trim().is_empty() {
        "New scenario".to_owned()
    } else {
        name
    };
    TEXT.replace("{name}", &quoted(&name))
}

const TEXT: &str = r#"# The format is described in docs/scenario-format.md.
# `kneadsim signals` lists what a formula can refer to.
schema = 1
name = {name}
description = "A session at the highest heat: the film warms up, the skin stays safe."
requirements = ["BURN-01"]      # rows of docs/safety.md
tags = ["normal"]

[run]
duration = "20min"
# seed = 1
# grid = "column"               # much faster, without the lateral picture

# [product]                     # overrides of the reference product
# heater.power_w = 12.0         # both zones; heater.upper.power_w is one
# cutout.open_c = 50.0

[user]
site = "upper_back"
profile = "adult"
clothing = "t_shirt"            # or "bare", "sweater"

[environment]
ambient_c = 23.0                # or "73 degF"

[[event]]
at = "1s"
press = "power"

# [[event]]                     # a ramp of anything that can change
# at = "10min"
# set = { ambient_c = 5.0 }
# over = "60s"

# [[fault]]
# kind = "ntc_open"
# target = "upper"
# at = "12min"

[[expect]]
id = "skin stays safe"
always = "skin_surface_max_c < 43"
limits = "consumer"

[[expect]]
id = "it warms up"
eventually = "film_upper_c > 40"
before = "5min"

# [[expect]]
# id = "heat goes off in time"
# after = "fault.ntc_open"
# within = "500ms"
# then = "heater_upper_power_w == 0"

# [matrix]                      # one case per combination
# "user.site" = ["neck", "upper_back", "waist"]
"#;
