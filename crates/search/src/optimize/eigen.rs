//! Eigenvectors of symmetric matrices by Jacobi's rotations.
//!
//! Cyclic by rows, so the order of the sums is fixed: G. H. Golub and C. F. Van
//! Loan, Matrix Computations, 4th ed. (2013), section 8.5.

/// `matrix = vectors * diag(values) * vectors^T`.
#[derive(Clone, Debug, PartialEq)]
pub struct Eigen {
    /// Eigenvalues, ascending.
    pub values: Vec<f64>,
    /// Rows are coordinates, column `j` is the unit eigenvector of `values[j]`.
    pub vectors: Vec<Vec<f64>>,
}

/// Sweeps at most. Convergence is quadratic: 6 to 10 are enough for hundreds of rows.
const SWEEPS_MAX: usize = 60;

impl Eigen {
    /// Of a symmetric n by n matrix; its lower triangle is not read.
    ///
    /// # Panics
    /// When the matrix is not square.
    pub fn new(matrix: &[Vec<f64>]) -> Eigen {
        let n = matrix.len();
        assert!(matrix.iter().all(|row| row.len() == n), "not square");
        let mut a: Vec<Vec<f64>> = (0..n)
            .map(|i| (0..n).map(|j| matrix[i.min(j)][i.max(j)]).collect())
            .collect();
        let mut v: Vec<Vec<f64>> = (0..n)
            .map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect())
            .collect();
        for _ in 0..SWEEPS_MAX {
            let mut is_turned = false;
            for p in 0..n {
                for q in p + 1..n {
                    is_turned |= turn(&mut a, &mut v, p, q);
                }
            }
            if !is_turned {
                break;
            }
        }
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|i, j| a[*i][*i].total_cmp(&a[*j][*j]).then(i.cmp(j)));
        Eigen {
            values: order.iter().map(|i| a[*i][*i]).collect(),
            vectors: v
                .iter()
                .map(|row| order.iter().map(|i| row[*i]).collect())
                .collect(),
        }
    }
}

/// Makes `a[p][q]`, p < q, zero by one rotation; false where it is nothing beside the diagonal.
fn turn(a: &mut [Vec<f64>], v: &mut [Vec<f64>], p: usize, q: usize) -> bool {
    let off = a[p][q];
    // Below half a unit in the last place of either, no rotation changes them.
    let small = 0.5 * f64::EPSILON * libm::sqrt((a[p][p] * a[q][q]).abs());
    if off == 0.0 || off.abs() <= small {
        return false;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * off);
    let t = theta.signum() / (theta.abs() + libm::sqrt(theta * theta + 1.0));
    let c = 1.0 / libm::sqrt(t * t + 1.0);
    let s = t * c;
    if t == 0.0 {
        return false;
    }
    for row in a.iter_mut() {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
    let (above, from_q) = a.split_at_mut(q);
    for (at_p, at_q) in above[p].iter_mut().zip(from_q[0].iter_mut()) {
        (*at_p, *at_q) = (c * *at_p - s * *at_q, s * *at_p + c * *at_q);
    }
    a[p][q] = 0.0;
    a[q][p] = 0.0;
    for row in v.iter_mut() {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
    true
}
