/* One of the programs that HPSM-1 is compared with (see README.md): plain C, one session, or W of them in lock-step.
   What is fixed of the workload is in workload.h; `run` builds and times it. */
/* Canonical fixed-step scheme "F" of HPSM-1, W sessions in lock-step (SoA lanes), real type REAL.
   W=1 REAL=double is the scalar C limit. Build knobs: -DW=.. -DREAL=float|double -DFASTM=0|1 (libm vs inline polys) -DIMPL=0|1 (explicit Euler / IMEX backward Euler, prefactored Thomas)
   TSUB: thermal step in ticks (1 => 10 ms canonical; >1 allowed only with IMPL=1, "class A" variant) */
#include "workload.h"
#include <time.h>
#ifndef W
#define W 1
#endif
#ifndef REAL
#define REAL double
#endif
#ifndef FASTM
#define FASTM 1
#endif
#ifndef IMPL
#define IMPL 0
#endif
#ifndef TSUB
#define TSUB 1
#endif
#ifndef OFF
#define OFF 37.0   /* temperatures are stored as T-OFF: required for REAL=float */
#endif
#ifndef NSUB
#define NSUB 10  /* 0 => thermal-only variant (motor unpowered) */
#endif
#if NSUB>0 && NSUB!=10
#undef HM
#define HM (DT/NSUB)
#endif
typedef REAL real;
#define R_(x) ((real)(x))
#if W==1
#define LANES(l) for(int l=0;l<1;l++)
#else
#define LANES(l) _Pragma("omp simd") for(int l=0;l<W;l++)
#endif
#if FASTM
static inline real fexp2(real x){ x = x<R_(-126)?R_(-126):x; real n=(sizeof(real)==4)?rintf(x):rint(x), f=(x-n)*R_(0.6931471805599453);
  real p=R_(1)+f*(R_(1)+f*(R_(0.5)+f*(R_(1./6)+f*(R_(1./24)+f*(R_(1./120)+f*(R_(1./720)+f*(R_(1./5040)+f*R_(1./40320))))))));
  if(sizeof(real)==4){ int32_t e=((int32_t)n+127)<<23; float s; memcpy(&s,&e,4); return p*s; }
  else { int64_t e=((int64_t)n+1023)<<52; double s; memcpy(&s,&e,8); return p*s; } }
static inline real fexp(real x){ return fexp2(x*R_(1.4426950408889634)); }
/* sin(2*th): y=2*th/pi, n=round(y), r=(y-n)*pi, sin = (-1)^n sin r */
static inline real sin2(real th){ real y=th*R_(0.6366197723675814), n=(sizeof(real)==4)?rintf(y):rint(y), r=(y-n)*R_(3.141592653589793), z=r*r;
  real s=r*(R_(1)+z*(R_(-1./6)+z*(R_(1./120)+z*(R_(-1./5040)+z*(R_(1./362880)+z*(R_(-1./39916800)+z*R_(1./6227020800.)))))));
  real h=n*R_(0.5); real o=h-((sizeof(real)==4)?floorf(h):floor(h)); return s*(R_(1)-R_(4)*o); } /* o is 0 or .5 => sign +1/-1 */
#else
static inline real fexp2(real x){ return sizeof(real)==4?exp2f(x):exp2(x);} static inline real fexp(real x){return sizeof(real)==4?expf(x):exp(x);} static inline real sin2(real th){return sizeof(real)==4?sinf(2*th):sin(2*th);}
#endif
static inline real mn(real a,real b){return a<b?a:b;} static inline real mx(real a,real b){return a>b?a:b;}
static inline real fl(real x){return sizeof(real)==4?floorf(x):floor(x);}
static real LUTR[4096];
typedef struct { _Alignas(64) real T[NC][W]; real iC[NC][W]; real g[NC+1][W]; /* G */ real pa[NC][W]; real q[NC][W];
  real cp[NC][W], dn[NC][W]; /* prefactored Thomas */
  real Ts[W],Tw[W],Tc[W],i[W],w[W],th[W],I[W],duty[W],lock[W],mI[W],mr[W],r25[W],b[W],m0[W],m5[W],m7[W],wb[W];
  double cem[W],om[W],eh[W],em[W],sw[W]; real pf[W],pb[W],pw[W],locks[W]; real P[W],fl[NC+1][W]; } Sim;
static void init(Sim*S,int64_t first){ for(int l=0;l<W;l++){ double m[8]; Stack s; hpsm_sample(first<0?-1:first+l,m); hpsm_stack(m,&s);
  for(int j=0;j<NC;j++){ S->T[j][l]=s.T0[j]-OFF; S->iC[j][l]=DT/s.C[j]; S->g[j][l]=s.G[j]; S->pa[j][l]=s.pa[j]; S->q[j][l]=s.q[j]; } S->g[NC][l]=s.G[NC];
  /* (I + h L) T+ = rhs, L = conduction incl. deep face; h = TSUB*DT */
  double h=DT*TSUB, c[NC], d; for(int j=0;j<NC;j++){ double k=h/s.C[j], a=-k*s.G[j], b=1+k*(s.G[j]+s.G[j+1]), cc=j<NC-1?-k*s.G[j+1]:0; d=b-(j?a*c[j-1]:0); c[j]=cc/d; S->cp[j][l]=c[j]; S->dn[j][l]=1/d; }
  S->Ts[l]=S->Tw[l]=S->Tc[l]=TAMB-OFF; S->i[l]=S->w[l]=S->th[l]=S->I[l]=S->duty[l]=S->lock[l]=S->mI[l]=S->mr[l]=0; S->locks[l]=0;
  S->r25[l]=R25N*m[1]; S->b[l]=BN*m[2]; S->m0[l]=m[0]; S->m5[l]=m[5]; S->m7[l]=m[7]; S->wb[l]=s.wb; S->cem[l]=S->om[l]=S->eh[l]=S->em[l]=S->sw[l]=0; S->pf[l]=S->pb[l]=S->pw[l]=-1e9; } }
static void run(Sim*restrict S,int ticks){
  for(int n=0;n<ticks;n++){
    if(n%10==0) LANES(l) { /* heater firmware, branch-free */
      real R=S->r25[l]*fexp(S->b[l]*(R_(1)/(S->Ts[l]+R_(OFF+273.15))-R_(1.0/298.15)));
      real cf=fl(R_(4096)*R/(R+R_(RPU))); int c=(int)mx(R_(0),mn(R_(4095),cf)); real Tm=LUTR[c];
      real lk=S->lock[l]; real nl = lk>0 ? (Tm<=R_(T_CLEAR)?R_(0):R_(1)) : (Tm>=R_(T_TRIP)?R_(1):R_(0));
      S->locks[l]+= (nl>lk)?R_(1):R_(0); S->lock[l]=nl;
      real e=R_(SP_H)-Tm,u=R_(KP_H)*e+S->I[l];
      int ok=((u<1)|(e<0))&((u>0)|(e>0)); real I=S->I[l]+(ok?R_(KI_H*0.1)*e:R_(0)); real d=mx(R_(0),mn(R_(1),u));
      S->I[l]= nl>0?R_(0):I; S->duty[l]= nl>0?R_(0):d; }
    real tgt=((n/6000)&1)?R_(-SP_M):R_(SP_M), ha=R_(n<N_HAMB?HAMB0:HAMB1); int stuck=(n>=N_STUCK0&&n<N_STUCK1);
    LANES(l) {
      real d=mx(R_(-SLEW),mn(R_(SLEW),tgt-S->mr[l])); real r=S->mr[l]+d; S->mr[l]=r; real w=S->w[l], i=S->i[l], th=S->th[l];
      real wm=fl(w*R_(1/WQ)+R_(0.5))*R_(WQ), e=r-wm, u=R_(KP_M)*e+S->mI[l]; int ok=((u<1)|(e<0))&((u>-1)|(e>0)); S->mI[l]+= ok?R_(KI_M*0.01)*e:R_(0);
      real V=R_(VBUS)*mx(R_(-1),mn(R_(1),u));
      real Rw=R_(R20)*(R_(1)+R_(ALPHA)*(S->Tw[l]+R_(OFF-20))); real inv=R_(1)/(R_(1)+R_(HM/LM)*Rw), t0=R_(TCF+0)+S->m7[l]*R_(TL0/(NG*ETA)); real s2=0,sw=0;
#if FASTM==2
      /* angle-addition recurrence: sin/cos(2th) re-anchored every tick, rotated by d=2*dth per 1 ms step; shortens the serial chain w->th->sin->load->w */
      real sn=sin2(th), cs=sin2(th+R_(0.7853981633974483)); 
      for(int k=0;k<NSUB;k++){ real s=mx(R_(-1),mn(R_(1),w*R_(1/W0))); real tl=s*(t0+R_(TL1/(NG*ETA))*sn);
        i=(i+R_(HM/LM)*(V-R_(KE)*w))*inv; w=w+R_(HM/JM)*(R_(KT)*i-R_(BV)*w-tl); th=th+R_(HM/NG)*w; s2+=i*i; sw+=(w<0?-w:w);
        real d=R_(2*HM/NG)*w, d2=d*d, sd=d*(R_(1)-d2*R_(1./6)), cd=R_(1)-d2*(R_(0.5)-d2*R_(1./24)); real a=sn*cd+cs*sd; cs=cs*cd-sn*sd; sn=a; }
#else
      for(int k=0;k<NSUB;k++){
        real s=mx(R_(-1),mn(R_(1),w*R_(1/W0))); real tl=s*(t0+R_(TL1/(NG*ETA))*sin2(th));
        i=(i+R_(HM/LM)*(V-R_(KE)*w))*inv; w=w+R_(HM/JM)*(R_(KT)*i-R_(BV)*w-tl); th=th+R_(HM/NG)*w; s2+=i*i; sw+=(w<0?-w:w); }
#endif
      S->i[l]=i;S->w[l]=w;S->th[l]=th; real pcu=Rw*s2*R_(1.0/(NSUB>0?NSUB:1));
      real T0=S->T[0][l],Tc=S->Tc[l],Tw=S->Tw[l],Ts=S->Ts[l]; real duty=S->lock[l]>0?R_(0):stuck?R_(1):S->duty[l]; real P=R_(PMAX)*S->m0[l]*duty; S->P[l]=P;
      real tb=S->wb[l]*S->T[IB][l]+(R_(1)-S->wb[l])*S->T[IB+1][l]; real x=tb-R_(43-OFF);
      S->cem[l]+=(double)(R_(DT/60)*fexp2(x>=0?x:x+x)); S->om[l]+=(double)(R_(DT)*fexp(R_(LNP)-R_(EA_R)/(tb+R_(OFF+273.15))));
      S->eh[l]+=(double)(P*R_(DT)); S->em[l]+=(double)(pcu*R_(DT)); S->sw[l]+=(double)sw;
      S->pf[l]=mx(S->pf[l],T0); S->pb[l]=mx(S->pb[l],tb); S->pw[l]=mx(S->pw[l],Tw);
      real f1=(Tw-Tc)*R_(1/RWC);
      S->Tw[l]=Tw+R_(DT/CW)*(pcu-f1); S->Tc[l]=Tc+R_(DT/CC)*(f1-(Tc-R_(TAMB-OFF))*R_(1/RCA)-(Tc-T0)*R_(1/RCH)); S->Ts[l]=Ts+R_(DT/TAU_NTC)*(T0-Ts);
      /* film source (W/m2) */
      S->fl[0][l]=P*R_(1/AREA)+ha*S->m5[l]*(R_(TAMB-OFF)-T0)+(Tc-T0)*R_(1/(RCH*AREA)); }
#if !IMPL
    for(int j=1;j<NC;j++) LANES(l) S->fl[j][l]=S->g[j][l]*(S->T[j-1][l]-S->T[j][l]);
    LANES(l) S->fl[NC][l]=S->g[NC][l]*(S->T[NC-1][l]-R_(TCORE-OFF));
    for(int j=0;j<8;j++) LANES(l) S->T[j][l]+=S->iC[j][l]*(S->fl[j][l]-S->fl[j+1][l]);
    for(int j=8;j<24;j++) LANES(l) { real T=S->T[j][l]; real dv=T-R_(37-OFF); real gg=mx(R_(0),mn(R_(1),dv*R_(1/7.0))); S->T[j][l]=T+S->iC[j][l]*(S->fl[j][l]-S->fl[j+1][l]+S->q[j][l]-S->pa[j][l]*(R_(1)+R_(4)*gg)*(T-R_(TCORE-OFF))); }
    for(int j=24;j<NC;j++) LANES(l) { real T=S->T[j][l]; S->T[j][l]=T+S->iC[j][l]*(S->fl[j][l]-S->fl[j+1][l]+S->q[j][l]-S->pa[j][l]*(T-R_(TCORE-OFF))); }
#else
    if(n%TSUB==TSUB-1){
    for(int j=0;j<8;j++) LANES(l) S->fl[j][l]=S->T[j][l]+R_(TSUB)*S->iC[j][l]*(j?R_(0):S->fl[0][l]);
    for(int j=8;j<24;j++) LANES(l) { real T=S->T[j][l]; real dv=T-R_(37-OFF); real gg=mx(R_(0),mn(R_(1),dv*R_(1/7.0))); S->fl[j][l]=T+R_(TSUB)*S->iC[j][l]*(S->q[j][l]-S->pa[j][l]*(R_(1)+R_(4)*gg)*(T-R_(TCORE-OFF))); }
    for(int j=24;j<NC;j++) LANES(l) { real T=S->T[j][l]; S->fl[j][l]=T+R_(TSUB)*S->iC[j][l]*(S->q[j][l]-S->pa[j][l]*(T-R_(TCORE-OFF)) + (j==NC-1?S->g[NC][l]*R_(TCORE-OFF):R_(0))); }
    LANES(l) S->fl[0][l]*=S->dn[0][l];
    for(int j=1;j<NC;j++) LANES(l) S->fl[j][l]=(S->fl[j][l]+R_(TSUB)*S->iC[j][l]*S->g[j][l]*S->fl[j-1][l])*S->dn[j][l];
    LANES(l) S->T[NC-1][l]=S->fl[NC-1][l];
    for(int j=NC-2;j>=0;j--) LANES(l) S->T[j][l]=S->fl[j][l]-S->cp[j][l]*S->T[j+1][l];
    }
#endif
  } }
static void get(Sim*S,int l,int ticks,Out*o){ o->peak_film=S->pf[l]+OFF;o->peak_basal=S->pb[l]+OFF;o->end_film=S->T[0][l]+OFF;o->end_basal=S->wb[l]*S->T[IB][l]+(1-S->wb[l])*S->T[IB+1][l]+OFF;o->cem43=S->cem[l];o->omega=S->om[l];o->e_heat=S->eh[l];o->peak_wind=S->pw[l]+OFF;o->e_motor=S->em[l];o->mean_w=S->sw[l]/((NSUB>0?NSUB:1.0)*ticks);o->locks=(int)S->locks[l]; }
static double now(void){struct timespec t;clock_gettime(CLOCK_PROCESS_CPUTIME_ID,&t);return t.tv_sec+1e-9*t.tv_nsec;}
static int cmpd(const void*a,const void*b){double x=*(double*)a,y=*(double*)b;return x<y?-1:x>y;}
int main(int argc,char**argv){ int reps=argc>1?atoi(argv[1]):5; int ticks=argc>2?atoi(argv[2]):TICKS; int pr=argc>3?atoi(argv[3]):1; int64_t first=argc>4?atoll(argv[4]):-1;
  lut_init(); for(int c=0;c<4096;c++)LUTR[c]=LUTT[c]; Sim*S=aligned_alloc(64,(sizeof(Sim)+63)/64*64); double t[64]; Out o;
  for(int r=0;r<reps;r++){ double a=now(); init(S,first); run(S,ticks); t[r]=now()-a; }
  qsort(t,reps,sizeof(double),cmpd); double med=t[reps/2];
  printf("W=%d real=%zu FASTM=%d IMPL=%d TSUB=%d ms/batch=%.3f ms/session=%.4f ns/tick/session=%.2f RTF=%.0f sessions/s/core=%.1f (min %.3f max %.3f ms)\n",W,sizeof(real),FASTM,IMPL,TSUB,med*1e3,med*1e3/W*TICKS/ticks,med*1e9/ticks/W,ticks*DT*W/med,W/med*ticks/(double)TICKS,t[0]*1e3,t[reps-1]*1e3);
  for(int l=0;l<pr&&l<W;l++){ get(S,l,ticks,&o); out_print("  out",&o);} return 0; }
