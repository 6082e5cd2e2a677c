//! `--shard`: which part of a campaign this process runs.

use std::str::FromStr;

use kneadsim_search::campaign::Shard;

/// As typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// `3/7`
    This(Shard),
    /// `auto`, or `auto/7` with the number of shards.
    Auto(Option<usize>),
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is no shard, allowed i/N with 1 <= i <= N, auto, or auto/N");
        let count = |n: &str| n.parse::<usize>().ok().filter(|n| *n > 0).ok_or_else(wrong);
        match text.split_once('/') {
            None if text == "auto" => Ok(Wanted::Auto(None)),
            Some(("auto", n)) => Ok(Wanted::Auto(Some(count(n)?))),
            Some((i, n)) => Shard::new(count(i)?, count(n)?)
                .map(Wanted::This)
                .ok_or_else(wrong),
            None => Err(wrong()),
        }
    }
}

/// A job array's way to tell: variables of the index, of the first index, of the
/// count, and of the step between indices.
struct Array {
    name: &'static str,
    index: &'static str,
    first: Option<&'static str>,
    count: Option<&'static str>,
    step: Option<&'static str>,
}

/// Sources: Slurm's `sbatch` manual (job array environment variables), AWS Batch
/// "Array job environment variables", Kubernetes "Indexed Job", HyperQueue "Task arrays".
const ARRAYS: [Array; 4] = [
    Array {
        name: "Slurm",
        index: "SLURM_ARRAY_TASK_ID",
        first: Some("SLURM_ARRAY_TASK_MIN"),
        count: Some("SLURM_ARRAY_TASK_COUNT"),
        step: Some("SLURM_ARRAY_TASK_STEP"),
    },
    Array {
        name: "AWS Batch",
        index: "AWS_BATCH_JOB_ARRAY_INDEX",
        first: None,
        count: Some("AWS_BATCH_JOB_ARRAY_SIZE"),
        step: None,
    },
    Array {
        name: "Kubernetes",
        index: "JOB_COMPLETION_INDEX",
        first: None,
        count: None,
        step: None,
    },
    Array {
        name: "HyperQueue",
        index: "HQ_TASK_ID",
        first: None,
        count: None,
        step: None,
    },
];

impl Wanted {
    /// The shard that is meant; `variable` looks an environment variable up.
    ///
    /// # Errors
    /// What is missing, in one sentence.
    pub fn shard(self, variable: impl Fn(&str) -> Option<String>) -> Result<Shard, String> {
        let asked = match self {
            Wanted::This(shard) => return Ok(shard),
            Wanted::Auto(count) => count,
        };
        let Some(array) = ARRAYS.iter().find(|a| variable(a.index).is_some()) else {
            let names: Vec<&str> = ARRAYS.iter().map(|a| a.index).collect();
            return Err(format!(
                "--shard auto: this is no task of a job array (none of {} is set)",
                names.join(", ")
            ));
        };
        let number = |name: &str| {
            let text = variable(name).unwrap_or_default();
            text.parse::<usize>()
                .map_err(|_| format!("--shard auto: {name} is \"{text}\", not a number"))
        };
        let index = number(array.index)?;
        let first = array.first.map_or(Ok(0), number)?;
        let step = array.step.map_or(Ok(1), number)?.max(1);
        let told = array.count.map(number).transpose()?;
        let count = match (asked, told) {
            (Some(asked), Some(told)) if asked != told => {
                return Err(format!(
                    "--shard auto/{asked}: {} says that the array has {told} tasks",
                    array.name
                ));
            }
            (Some(count), _) | (None, Some(count)) => count,
            (None, None) => {
                return Err(format!(
                    "--shard auto: {} does not tell how many tasks there are, say --shard auto/N",
                    array.name
                ));
            }
        };
        let place = index
            .checked_sub(first)
            .filter(|p| p % step == 0)
            .map(|p| p / step);
        place.and_then(|place| Shard::new(place + 1, count)).ok_or_else(|| {
            format!(
                "--shard auto: task {index} of {} is none of {count} from {first} on in steps of {step}",
                array.name
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(wanted: &str, variables: &[(&str, &str)]) -> Result<(usize, usize), String> {
        let look = |name: &str| {
            let found = variables.iter().find(|(n, _)| *n == name);
            found.map(|(_, v)| (*v).to_owned())
        };
        let shard = wanted.parse::<Wanted>()?.shard(look)?;
        Ok((shard.number(), shard.count()))
    }

    /// What is typed, the variables that are set, and the shard or a part of the error.
    type Asked<'a> = (
        &'a str,
        Vec<(&'a str, &'a str)>,
        Result<(usize, usize), &'a str>,
    );

    #[test]
    fn each_cluster_tells_its_shard() {
        let slurm = |id, min, count, step| {
            vec![
                ("SLURM_ARRAY_TASK_ID", id),
                ("SLURM_ARRAY_TASK_MIN", min),
                ("SLURM_ARRAY_TASK_COUNT", count),
                ("SLURM_ARRAY_TASK_STEP", step),
            ]
        };
        let rows: [Asked; 12] = [
            ("2/7", vec![], Ok((2, 7))),
            ("auto", slurm("0", "0", "8", "1"), Ok((1, 8))),
            ("auto", slurm("8", "1", "8", "1"), Ok((8, 8))),
            ("auto", slurm("14", "10", "3", "2"), Ok((3, 3))),
            ("auto", slurm("13", "10", "3", "2"), Err("in steps of 2")),
            ("auto/9", slurm("1", "1", "8", "1"), Err("8 tasks")),
            (
                "auto",
                vec![
                    ("AWS_BATCH_JOB_ARRAY_INDEX", "4"),
                    ("AWS_BATCH_JOB_ARRAY_SIZE", "5"),
                ],
                Ok((5, 5)),
            ),
            ("auto/3", vec![("JOB_COMPLETION_INDEX", "2")], Ok((3, 3))),
            (
                "auto",
                vec![("JOB_COMPLETION_INDEX", "2")],
                Err("say --shard auto/N"),
            ),
            ("auto/3", vec![("HQ_TASK_ID", "3")], Err("none of 3")),
            ("auto/3", vec![("HQ_TASK_ID", "x")], Err("not a number")),
            ("auto", vec![], Err("no task of a job array")),
        ];
        for (wanted, variables, expected) in rows {
            let found = auto(wanted, &variables);
            match (&found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(*found, expected, "{wanted} {variables:?}"),
                (Err(why), Err(part)) => assert!(why.contains(part), "{wanted}: {why}"),
                _ => panic!("{wanted} {variables:?}: {found:?}"),
            }
        }
    }

    #[test]
    fn what_is_no_shard_is_refused() {
        for text in [
            "0/3", "4/3", "1/0", "3", "a/b", "1/2/3", "auto/0", "", "-1/2",
        ] {
            assert!(text.parse::<Wanted>().is_err(), "{text}");
        }
    }
}
