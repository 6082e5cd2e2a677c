//! Where in a source file the listed mutants sit: positions to edits.
//!
//! An edit either chooses between texts for a range, or inserts, or replaces.
//! Nothing is written here.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::list::{Genre, Mutant};

/// One change of the text.
#[derive(Clone, Debug)]
pub enum Edit {
    /// The range's own text, or a mutant's in its place.
    Choose(Range<usize>, Vec<(usize, String)>),
    /// Text before this offset, on a line of its own for the mutant.
    Insert(usize, usize, String),
    /// Another text for the range, whatever mutant is chosen.
    Replace(Range<usize>, String),
}

/// Every edit of a file and the mutants that no switch can express.
pub fn find(
    text: &str,
    mutants: &[(usize, &Mutant)],
    unviable: &BTreeSet<usize>,
) -> Result<(Vec<Edit>, BTreeSet<usize>), String> {
    let file = syn::parse_file(text).map_err(|e| e.to_string())?;
    let mut wanted: BTreeMap<(usize, usize), Vec<(usize, &Mutant)>> = BTreeMap::new();
    for (number, mutant) in mutants {
        if !unviable.contains(number) {
            wanted
                .entry(mutant.start)
                .or_default()
                .push((*number, mutant));
        }
    }
    let mut constants = Constants::default();
    constants.visit_file(&file);
    let mut sites = Sites {
        text,
        wanted,
        constants: constants.called,
        edits: Vec::new(),
    };
    sites.visit_file(&file);
    let left = sites.wanted.values().flatten().map(|(n, _)| *n).collect();
    Ok((sites.edits, left))
}

/// Functions that constants call: they must stay `const`, unless the constant can wait.
#[derive(Default)]
struct Constants {
    called: BTreeSet<String>,
    inside: bool,
}

impl<'ast> Visit<'ast> for Constants {
    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        if !can_wait(item) {
            self.inside = true;
            visit::visit_item_const(self, item);
            self.inside = false;
        }
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        self.inside = true;
        visit::visit_impl_item_const(self, item);
        self.inside = false;
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if self.inside
            && let Some(last) = path.path.segments.last()
        {
            self.called.insert(last.ident.to_string());
        }
    }
}

/// A table computed by a block: a static that is filled on first use does as well.
fn can_wait(item: &syn::ItemConst) -> bool {
    matches!(*item.expr, syn::Expr::Block(_))
}

struct Sites<'a> {
    text: &'a str,
    wanted: BTreeMap<(usize, usize), Vec<(usize, &'a Mutant)>>,
    constants: BTreeSet<String>,
    edits: Vec<Edit>,
}

impl Sites<'_> {
    fn source(&self, span: Span) -> String {
        one_line(&self.text[span.byte_range()])
    }

    /// Takes the listed mutants of a genre that start here.
    fn take(&mut self, span: Span, genre: Genre) -> Vec<(usize, String)> {
        let start = span.start();
        let Some(here) = self.wanted.get_mut(&(start.line, start.column + 1)) else {
            return Vec::new();
        };
        let (taken, left) = here.drain(..).partition(|(_, m)| m.genre == genre);
        *here = left;
        let taken: Vec<(usize, &Mutant)> = taken;
        let texts = taken.into_iter().map(|(n, m)| (n, m.replacement.clone()));
        texts.collect()
    }

    fn function(&mut self, sig: &syn::Signature, block: &syn::Block) {
        let Some(first) = block.stmts.first() else {
            return;
        };
        let at = first.span().byte_range().start;
        if let Some(word) = sig.constness {
            if self.constants.contains(&sig.ident.to_string()) {
                // Not expressible: its mutants stay on the list of those left over.
                return;
            }
            self.edits
                .push(Edit::Replace(word.span.byte_range(), String::new()));
        }
        for (number, value) in self.take(first.span(), Genre::FnValue) {
            let text = format!("if crate::mutants::active() == {number} {{ return {value}; }}");
            self.edits.push(Edit::Insert(at, number, text));
        }
    }
}

impl<'ast> Visit<'ast> for Sites<'_> {
    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        if can_wait(item) {
            let lazy = "std::sync::LazyLock";
            let head = item.const_token.span.byte_range();
            let kind = item.ty.span().byte_range();
            let value = item.expr.span().byte_range();
            self.edits.push(Edit::Replace(head, "static".to_string()));
            let kind_text = format!("{lazy}<{}>", &self.text[kind.clone()]);
            self.edits.push(Edit::Replace(kind, kind_text));
            let value_text = format!("{lazy}::new(|| {})", &self.text[value.clone()]);
            self.edits.push(Edit::Replace(value, value_text));
        }
    }

    // What a constant holds is settled before any switch.
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        let lets = [&binary.left, &binary.right]
            .iter()
            .any(|side| matches!(***side, syn::Expr::Let(_)));
        if !lets {
            let operators = self.take(binary.op.span(), Genre::Binary);
            let left = self.source(binary.left.span());
            let right = self.source(binary.right.span());
            let texts: Vec<(usize, String)> = operators
                .into_iter()
                .map(|(number, operator)| {
                    if operator.ends_with('=') && !matches!(&*operator, "==" | "!=" | "<=" | ">=") {
                        (number, format!("{left} {operator} ({right})"))
                    } else {
                        (number, format!("({left}) {operator} ({right})"))
                    }
                })
                .collect();
            if !texts.is_empty() {
                self.edits
                    .push(Edit::Choose(binary.span().byte_range(), texts));
            }
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_unary(&mut self, unary: &'ast syn::ExprUnary) {
        let operand = self.source(unary.expr.span());
        let taken = self.take(unary.op.span(), Genre::Unary);
        if !taken.is_empty() {
            let texts = taken.into_iter().map(|(n, _)| (n, format!("({operand})")));
            self.edits
                .push(Edit::Choose(unary.span().byte_range(), texts.collect()));
        }
        visit::visit_expr_unary(self, unary);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let deleted = self.take(arm.span(), Genre::Arm);
        if let Some((_, guard)) = &arm.guard {
            let mut texts = self.take(guard.span(), Genre::Guard);
            texts.extend(deleted.into_iter().map(|(n, _)| (n, "false".to_string())));
            if !texts.is_empty() {
                self.edits
                    .push(Edit::Choose(guard.span().byte_range(), texts));
            }
        } else {
            for (number, _) in deleted {
                let at = arm.pat.span().byte_range().end;
                let text = format!(" if crate::mutants::active() != {number}");
                self.edits.push(Edit::Insert(at, number, text));
            }
        }
        visit::visit_arm(self, arm);
    }

    fn visit_expr_struct(&mut self, literal: &'ast syn::ExprStruct) {
        let base = literal.rest.as_ref().map(|rest| self.source(rest.span()));
        for field in &literal.fields {
            let (Some(base), syn::Member::Named(name)) = (&base, &field.member) else {
                continue;
            };
            let taken = self.take(field.span(), Genre::Field);
            if taken.is_empty() {
                continue;
            }
            let texts: Vec<_> = taken
                .into_iter()
                .map(|(n, _)| (n, format!("({base}).{name}")))
                .collect();
            if field.colon_token.is_some() {
                self.edits
                    .push(Edit::Choose(field.expr.span().byte_range(), texts));
            } else {
                for (number, text) in texts {
                    let at = field.span().byte_range().end;
                    let text = format!(
                        ": if crate::mutants::active() == {number} {{ {text} }} else {{ {name} }}"
                    );
                    self.edits.push(Edit::Insert(at, number, text));
                }
            }
        }
        visit::visit_expr_struct(self, literal);
    }
}

/// Without line breaks and comments.
fn one_line(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(""));
    lines.collect::<Vec<_>>().join(" ")
}
