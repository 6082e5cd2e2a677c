//! What a message consists of, as data: for the C header and the documentation.

/// Type of one member.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// One byte.
    U8,
    /// One byte, 0 or 1.
    Bool,
    /// Varint of at most 3 bytes.
    U16,
    /// Varint of at most 5 bytes.
    U32,
    /// Zigzag varint of at most 3 bytes.
    I16,
    /// Two of the same, one after the other.
    Pair(&'static Kind),
    /// A structure in its place.
    Struct(&'static Schema),
}

/// One member of a structure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    /// Name, the same in every language.
    pub name: &'static str,
    /// Type.
    pub kind: Kind,
    /// Meaning, one sentence.
    pub doc: &'static str,
}

/// A structure: its members in the order in which they are sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schema {
    /// Name in C, without prefix.
    pub name: &'static str,
    /// Meaning, one sentence.
    pub doc: &'static str,
    /// Members.
    pub members: &'static [Member],
}

/// A type that can be a member.
pub(crate) trait Wired {
    const KIND: Kind;
}

impl Wired for u8 {
    const KIND: Kind = Kind::U8;
}

impl Wired for bool {
    const KIND: Kind = Kind::Bool;
}

impl Wired for u16 {
    const KIND: Kind = Kind::U16;
}

impl Wired for u32 {
    const KIND: Kind = Kind::U32;
}

impl Wired for i16 {
    const KIND: Kind = Kind::I16;
}

impl<T: Wired> Wired for [T; 2] {
    const KIND: Kind = Kind::Pair(&T::KIND);
}

impl Schema {
    /// Most bytes that the structure takes.
    pub const fn longest(&self) -> usize {
        let mut sum = 0;
        let mut at = 0;
        while at < self.members.len() {
            sum += self.members[at].kind.longest();
            at += 1;
        }
        sum
    }
}

impl Kind {
    /// Most bytes that the member takes.
    pub const fn longest(&self) -> usize {
        match self {
            Kind::U8 | Kind::Bool => 1,
            Kind::U16 | Kind::I16 => 3,
            Kind::U32 => 5,
            Kind::Pair(kind) => 2 * kind.longest(),
            Kind::Struct(schema) => schema.longest(),
        }
    }
}
