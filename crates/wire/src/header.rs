//! The protocol as a C header, made from the same tables as the messages.
//!
//! C99, nothing but the freestanding headers, no allocation, all functions
//! `static inline`. A firmware fills in two functions, boot and tick, and feeds
//! `kneadsim_serve` with bytes. What does not depend on the tables stands in
//! `c/parts_*.h`, which are pieces and compile only together.
//! `crates/wire/c/kneadsim_wire.h` is what
//! [`write`] writes; a test holds that.

use core::fmt;

use crate::frame::FRAME_MAX;
use crate::messages::{
    ABILITY_BOOT_RECORD, ABILITY_CONFIG, ABILITY_INJECT, Inputs, Outputs, PROTOCOL, Record,
    TEXT_MAX, Telemetry,
};
use crate::schema::{Kind, Schema};

/// In an order in which each is declared before it is used.
const STRUCTURES: [&Schema; 4] = [
    &Inputs::SCHEMA,
    &Record::SCHEMA,
    &Telemetry::SCHEMA,
    &Outputs::SCHEMA,
];

/// Writes the header.
///
/// # Errors
/// What the writer says.
pub fn write(out: &mut impl fmt::Write) -> fmt::Result {
    out.write_str(HEAD)?;
    let constants = [
        ("PROTOCOL", usize::from(PROTOCOL), "Protocol number."),
        (
            "FRAME_MAX",
            FRAME_MAX,
            "Longest frame, bytes, with its closing zero.",
        ),
        ("TEXT_MAX", TEXT_MAX, "Longest text in a hello, bytes."),
        (
            "ABILITY_CONFIG",
            usize::from(ABILITY_CONFIG),
            "Takes the parameters of the reference core.",
        ),
        (
            "ABILITY_INJECT",
            usize::from(ABILITY_INJECT),
            "Flips bits and skips tasks on request.",
        ),
        (
            "ABILITY_BOOT_RECORD",
            usize::from(ABILITY_BOOT_RECORD),
            "Starts from the record that the board kept.",
        ),
    ];
    for (name, value, doc) in constants {
        writeln!(out, "/* {doc} */\n#define KNEADSIM_{name} {value}u")?;
    }
    for schema in STRUCTURES {
        structure(out, schema)?;
    }
    out.write_str(BYTES)?;
    for schema in STRUCTURES {
        functions(out, schema)?;
    }
    out.write_str(TAIL)
}

fn structure(out: &mut impl fmt::Write, schema: &Schema) -> fmt::Result {
    writeln!(out, "\n/*{} */\ntypedef struct {{", schema.doc)?;
    for member in schema.members {
        let (kind, length) = match member.kind {
            Kind::Pair(kind) => (kind, "[2]"),
            ref kind => (kind, ""),
        };
        writeln!(
            out,
            "  /* {} */\n  {} {}{length};",
            member.doc,
            CType(kind),
            member.name
        )?;
    }
    writeln!(out, "}} kneadsim_{};", schema.name)
}

struct CType<'a>(&'a Kind);

impl fmt::Display for CType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Kind::U8 => f.write_str("uint8_t"),
            Kind::Bool => f.write_str("bool"),
            Kind::U16 => f.write_str("uint16_t"),
            Kind::U32 => f.write_str("uint32_t"),
            Kind::I16 => f.write_str("int16_t"),
            Kind::Struct(schema) => write!(f, "kneadsim_{}", schema.name),
            // A pair of pairs is not used.
            Kind::Pair(inner) => write!(f, "{}", CType(inner)),
        }
    }
}

fn functions(out: &mut impl fmt::Write, schema: &Schema) -> fmt::Result {
    let name = schema.name;
    for (verb, constant, cursor) in [
        ("put", "const ", "kneadsim_writer"),
        ("get", "", "kneadsim_reader"),
    ] {
        writeln!(
            out,
            "\nstatic inline void kneadsim_{verb}_{name}({cursor} *c, {constant}kneadsim_{name} *m) {{"
        )?;
        for member in schema.members {
            match member.kind {
                Kind::Pair(kind) => {
                    for at in 0..2 {
                        call(out, verb, kind, format_args!("m->{}[{at}]", member.name))?;
                    }
                }
                ref kind => call(out, verb, kind, format_args!("m->{}", member.name))?,
            }
        }
        writeln!(out, "}}")?;
    }
    Ok(())
}

fn call(
    out: &mut impl fmt::Write,
    verb: &str,
    kind: &Kind,
    place: fmt::Arguments<'_>,
) -> fmt::Result {
    let name = match kind {
        Kind::U8 => "u8",
        Kind::Bool => "bool",
        Kind::U16 => "u16",
        Kind::U32 => "u32",
        Kind::I16 => "i16",
        Kind::Struct(schema) => schema.name,
        Kind::Pair(_) => "pair",
    };
    let by_address = verb == "get" || matches!(kind, Kind::Struct(_));
    let ampersand = if by_address { "&" } else { "" };
    writeln!(out, "  kneadsim_{verb}_{name}(c, {ampersand}{place});")
}

const HEAD: &str = include_str!("../c/parts_head.h");

const BYTES: &str = include_str!("../c/parts_bytes.h");

const TAIL: &str = include_str!("../c/parts_device.h");
