/* One of the programs that HPSM-1 is compared with (see README.md): C with vectors of lanes. */
/* HPSM-1 scheme F, explicit Euler 10 ms / motor 1 ms, SoA batch with GCC vector extensions.
   VL lanes per vector, U independent vectors interleaved (hides the motor's serial dependency chain). W = VL*U sessions in lock-step on one core. */
#include "workload.h"
#include <time.h>
#ifndef REAL
#define REAL double
#define F32 0
#define INTT int64_t
#endif
#ifdef USEF32
#undef REAL
#undef F32
#undef INTT
#define REAL float
#define F32 1
#define INTT int32_t
#endif
#ifndef VL
#define VL 8
#endif
#ifndef U
#define U 2
#endif
#define W (VL*U)
#define OFF 37.0
typedef REAL real; typedef REAL V __attribute__((vector_size(VL*sizeof(REAL)))); typedef INTT M __attribute__((vector_size(VL*sizeof(REAL))));
typedef double D8 __attribute__((vector_size(VL*8)));
#define R_(x) ((real)(x))
static inline V sp(double x){ V v; for(int l=0;l<VL;l++) v[l]=(real)x; return v; }
static inline V sel(M m,V a,V b){ return m?a:b; }
static inline V vmn(V a,V b){ return a<b?a:b; } static inline V vmx(V a,V b){ return a>b?a:b; }
#if F32
#define MAGIC 12582912.0f
#else
#define MAGIC 6755399441055744.0
#endif
static inline V vrint(V x){ V m=sp(MAGIC); return (x+m)-m; }
static inline V vfloor(V x){ V r=vrint(x); return r-sel(r>x,sp(1),sp(0)); }
static inline V vexp2(V x){ x=vmx(x,sp(-120)); V t=x+sp(MAGIC); V n=t-sp(MAGIC); V f=(x-n)*R_(0.6931471805599453);
  V p=R_(1)+f*(R_(1)+f*(R_(0.5)+f*(R_(1./6)+f*(R_(1./24)+f*(R_(1./120)+f*(R_(1./720)
#if !F32
   +f*(R_(1./5040)+f*R_(1./40320))
#endif
  ))))));
#if F32
  M e=((M)t)<<23;
#else
  M e=((M)t)<<52;
#endif
  return (V)((M)p+e); }
static inline V vexp(V x){ return vexp2(x*R_(1.4426950408889634)); }
static inline V vsin2(V th){ V y=th*R_(0.6366197723675814); V t=y+sp(MAGIC); V n=t-sp(MAGIC), r=(y-n)*R_(3.141592653589793), z=r*r;
  V s=r*(R_(1)+z*(R_(-1./6)+z*(R_(1./120)+z*(R_(-1./5040)+z*(R_(1./362880)
#if !F32
   +z*(R_(-1./39916800)+z*R_(1./6227020800.))
#else
   +z*R_(-1./39916800)
#endif
  )))));
#if F32
  M sg=((M)t)<<31;
#else
  M sg=((M)t)<<63;
#endif
  return (V)((M)s ^ sg); }
static real LUTR[4096];
typedef struct { V T[NC][U], iC[NC][U], g[NC+1][U], pa[NC][U], q[NC][U];
  V Ts[U],Tw[U],Tc[U],i[U],w[U],th[U],I[U],duty[U],lock[U],mI[U],mr[U],r25[U],b[U],m0[U],m5[U],m7[U],wb[U],pf[U],pb[U],pw[U],locks[U];
  D8 cem[U],om[U],eh[U],em[U],sw[U]; V s2[U],Rw[U]; } Sim;
static void init(Sim*S,int64_t first){ for(int u=0;u<U;u++)for(int l=0;l<VL;l++){ double m[8]; Stack s; hpsm_sample(first<0?-1:first+u*VL+l,m); hpsm_stack(m,&s);
  for(int j=0;j<NC;j++){ S->T[j][u][l]=s.T0[j]-OFF; S->iC[j][u][l]=DT/s.C[j]; S->g[j][u][l]=s.G[j]; S->pa[j][u][l]=s.pa[j]; S->q[j][u][l]=s.q[j]; } S->g[NC][u][l]=s.G[NC];
  S->Ts[u][l]=S->Tw[u][l]=S->Tc[u][l]=TAMB-OFF; S->i[u][l]=S->w[u][l]=S->th[u][l]=S->I[u][l]=S->duty[u][l]=S->lock[u][l]=S->mI[u][l]=S->mr[u][l]=S->locks[u][l]=0;
  S->r25[u][l]=R25N*m[1]; S->b[u][l]=BN*m[2]; S->m0[u][l]=m[0]; S->m5[u][l]=m[5]; S->m7[u][l]=m[7]; S->wb[u][l]=s.wb; S->cem[u][l]=S->om[u][l]=S->eh[u][l]=S->em[u][l]=S->sw[u][l]=0; S->pf[u][l]=S->pb[u][l]=S->pw[u][l]=-1e9; } }
static inline D8 cvd(V v){ return __builtin_convertvector(v,D8); }
static void run(Sim*__restrict S,int ticks){
  const V one=sp(1), zero=sp(0);
  for(int n=0;n<ticks;n++){
    if(n%10==0) for(int u=0;u<U;u++){
      V R=S->r25[u]*vexp(S->b[u]*(R_(1)/(S->Ts[u]+R_(OFF+273.15))-R_(1.0/298.15)));
      V cf=vmx(zero,vmn(sp(4095),vfloor(R_(4096)*R/(R+R_(RPU))))); V Tm; for(int l=0;l<VL;l++) Tm[l]=LUTR[(int)cf[l]];
      V lk=S->lock[u]; V nl=sel(lk>zero, sel(Tm<=sp(T_CLEAR),zero,one), sel(Tm>=sp(T_TRIP),one,zero));
      S->locks[u]+=sel(nl>lk,one,zero); S->lock[u]=nl; V e=R_(SP_H)-Tm, uu=R_(KP_H)*e+S->I[u];
      M ok=((uu<one)|(e<zero))&((uu>zero)|(e>zero)); V I=S->I[u]+sel(ok,R_(KI_H*0.1)*e,zero), d=vmx(zero,vmn(one,uu)); M z=nl>zero; S->I[u]=sel(z,zero,I); S->duty[u]=sel(z,zero,d); }
    V tgt=sp(((n/6000)&1)?-SP_M:SP_M); real ha=R_(n<N_HAMB?HAMB0:HAMB1); int stuck=(n>=N_STUCK0&&n<N_STUCK1);
    V w[U],i[U],th[U],Vm[U],inv[U],t0[U],s2[U],sw[U];
    for(int u=0;u<U;u++){ V r=S->mr[u]+vmx(sp(-SLEW),vmn(sp(SLEW),tgt-S->mr[u])); S->mr[u]=r; w[u]=S->w[u];i[u]=S->i[u];th[u]=S->th[u];
      V wm=vfloor(w[u]*R_(1/WQ)+R_(0.5))*R_(WQ), e=r-wm, uu=R_(KP_M)*e+S->mI[u]; M ok=((uu<one)|(e<zero))&((uu>-one)|(e>zero)); S->mI[u]+=sel(ok,R_(KI_M*0.01)*e,zero);
      Vm[u]=R_(VBUS)*vmx(-one,vmn(one,uu)); V Rw=R_(R20)*(R_(1)+R_(ALPHA)*(S->Tw[u]+R_(OFF-20))); S->Rw[u]=Rw; inv[u]=R_(1)/(R_(1)+R_(HM/LM)*Rw); t0[u]=R_(TCF)+S->m7[u]*R_(TL0/(NG*ETA)); s2[u]=zero; sw[u]=zero; }
#ifdef ROT
    V sn[U],cs[U]; for(int u=0;u<U;u++){ sn[u]=vsin2(th[u]); cs[u]=vsin2(th[u]+R_(0.7853981633974483)); }
    for(int k=0;k<10;k++) for(int u=0;u<U;u++){
        V s=vmx(-one,vmn(one,w[u]*R_(1/W0))); V tl=s*(t0[u]+R_(TL1/(NG*ETA))*sn[u]);
        i[u]=(i[u]+R_(HM/LM)*(Vm[u]-R_(KE)*w[u]))*inv[u]; w[u]=w[u]+R_(HM/JM)*(R_(KT)*i[u]-R_(BV)*w[u]-tl); th[u]=th[u]+R_(HM/NG)*w[u]; s2[u]+=i[u]*i[u]; sw[u]+=vmx(w[u],-w[u]);
        V d=R_(2*HM/NG)*w[u], d2=d*d, sd=d*(R_(1)-d2*R_(1./6)), cd=R_(1)-d2*(R_(0.5)-d2*R_(1./24)); V a=sn[u]*cd+cs[u]*sd; cs[u]=cs[u]*cd-sn[u]*sd; sn[u]=a; }
#else
    for(int k=0;k<10;k++) for(int u=0;u<U;u++){
        V s=vmx(-one,vmn(one,w[u]*R_(1/W0))); V tl=s*(t0[u]+R_(TL1/(NG*ETA))*vsin2(th[u]));
        i[u]=(i[u]+R_(HM/LM)*(Vm[u]-R_(KE)*w[u]))*inv[u]; w[u]=w[u]+R_(HM/JM)*(R_(KT)*i[u]-R_(BV)*w[u]-tl); th[u]=th[u]+R_(HM/NG)*w[u]; s2[u]+=i[u]*i[u]; sw[u]+=vmx(w[u],-w[u]); }
#endif
    V fl[U];
    for(int u=0;u<U;u++){ S->i[u]=i[u];S->w[u]=w[u];S->th[u]=th[u]; V pcu=S->Rw[u]*s2[u]*R_(0.1); V T0=S->T[0][u],Tc=S->Tc[u],Tw=S->Tw[u],Ts=S->Ts[u];
      V duty=sel(S->lock[u]>zero,zero,stuck?one:S->duty[u]); V P=R_(PMAX)*S->m0[u]*duty; V tb=S->wb[u]*S->T[IB][u]+(R_(1)-S->wb[u])*S->T[IB+1][u]; V x=tb-R_(43-OFF);
      S->cem[u]+=cvd(R_(DT/60)*vexp2(sel(x>=zero,x,x+x))); S->om[u]+=cvd(R_(DT)*vexp(R_(LNP)-R_(EA_R)/(tb+R_(OFF+273.15)))); S->eh[u]+=cvd(P*R_(DT)); S->em[u]+=cvd(pcu*R_(DT)); S->sw[u]+=cvd(sw[u]);
      S->pf[u]=vmx(S->pf[u],T0);S->pb[u]=vmx(S->pb[u],tb);S->pw[u]=vmx(S->pw[u],Tw); V f1=(Tw-Tc)*R_(1/RWC);
      S->Tw[u]=Tw+R_(DT/CW)*(pcu-f1); S->Tc[u]=Tc+R_(DT/CC)*(f1-(Tc-R_(TAMB-OFF))*R_(1/RCA)-(Tc-T0)*R_(1/RCH)); S->Ts[u]=Ts+R_(DT/TAU_NTC)*(T0-Ts);
      fl[u]=P*R_(1/AREA)+ha*S->m5[u]*(R_(TAMB-OFF)-T0)+(Tc-T0)*R_(1/(RCH*AREA)); }
    for(int j=0;j<8;j++) for(int u=0;u<U;u++){ V T=S->T[j][u]; V f=S->g[j+1][u]*(T-S->T[j+1][u]); S->T[j][u]=T+S->iC[j][u]*(fl[u]-f); fl[u]=f; }
    for(int j=8;j<24;j++) for(int u=0;u<U;u++){ V T=S->T[j][u]; V f=S->g[j+1][u]*(T-S->T[j+1][u]); V gg=vmx(zero,vmn(one,T*R_(1/7.0))); S->T[j][u]=T+S->iC[j][u]*(fl[u]-f+S->q[j][u]-S->pa[j][u]*(R_(1)+R_(4)*gg)*T); fl[u]=f; }
    for(int j=24;j<NC;j++) for(int u=0;u<U;u++){ V T=S->T[j][u]; V f=S->g[j+1][u]*(j<NC-1?T-S->T[j+1][u]:T); S->T[j][u]=T+S->iC[j][u]*(fl[u]-f+S->q[j][u]-S->pa[j][u]*T); fl[u]=f; }
  } }
static void get(Sim*S,int k,int ticks,Out*o){ int u=k/VL,l=k%VL; o->peak_film=S->pf[u][l]+OFF;o->peak_basal=S->pb[u][l]+OFF;o->end_film=S->T[0][u][l]+OFF;o->end_basal=S->wb[u][l]*S->T[IB][u][l]+(1-S->wb[u][l])*S->T[IB+1][u][l]+OFF;o->cem43=S->cem[u][l];o->omega=S->om[u][l];o->e_heat=S->eh[u][l];o->peak_wind=S->pw[u][l]+OFF;o->e_motor=S->em[u][l];o->mean_w=S->sw[u][l]/(10.0*ticks);o->locks=(int)S->locks[u][l]; }
static double now(void){struct timespec t;clock_gettime(CLOCK_PROCESS_CPUTIME_ID,&t);return t.tv_sec+1e-9*t.tv_nsec;}
static int cmpd(const void*a,const void*b){double x=*(double*)a,y=*(double*)b;return x<y?-1:x>y;}
int main(int argc,char**argv){ int reps=argc>1?atoi(argv[1]):5; int ticks=argc>2?atoi(argv[2]):TICKS; int pr=argc>3?atoi(argv[3]):1; int64_t first=argc>4?atoll(argv[4]):-1;
  lut_init(); for(int c=0;c<4096;c++)LUTR[c]=LUTT[c]; Sim*S=(Sim*)aligned_alloc(64,(sizeof(Sim)+63)/64*64); double t[64]; Out o;
  for(int r=0;r<reps;r++){ double a=now(); init(S,first); run(S,ticks); t[r]=now()-a; }
  qsort(t,reps,sizeof(double),cmpd); double med=t[reps/2];
  printf("VL=%d U=%d W=%d real=%zu ms/batch=%.3f ms/session=%.4f ns/tick/session=%.2f RTF=%.0f sessions/s/core=%.1f (min %.4f max %.4f ms/session)\n",VL,U,W,sizeof(real),med*1e3,med*1e3/W*TICKS/ticks,med*1e9/ticks/W,ticks*DT*W/med,W/med*ticks/(double)TICKS,t[0]*1e3/W*TICKS/ticks,t[reps-1]*1e3/W*TICKS/ticks);
  for(int l=0;l<pr&&l<W;l++){ get(S,l,ticks,&o); out_print("  out",&o);} return 0; }
